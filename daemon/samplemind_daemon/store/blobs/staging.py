"""Where the bytes of uploads gather, until they are kept: on the disk of the daemon that they are sent to."""

import os
from collections.abc import Iterable
from pathlib import Path


class Staging:
    """A folder of files named by their upload."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, upload: str) -> Path:
        """Where an upload's bytes gather."""
        return self._folder / upload

    def size(self, upload: str) -> int:
        """How many bytes of an upload are there."""
        try:
            return self.path(upload).stat().st_size
        except FileNotFoundError:
            return 0

    def put(self, upload: str, offset: int, data: bytes) -> None:
        """Write a piece of an upload at its place. To write it twice does no harm."""
        staged = os.open(self.path(upload), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while data:
                written = os.pwrite(staged, data, offset)
                data, offset = data[written:], offset + written
        finally:
            os.close(staged)

    def drop(self, uploads: Iterable[str]) -> None:
        """Forget the bytes of uploads that will not be finished."""
        for upload in uploads:
            self.path(upload).unlink(missing_ok=True)

    def uploads(self) -> set[str]:
        """The uploads whose bytes lie here."""
        return {path.name for path in self._folder.iterdir()}
