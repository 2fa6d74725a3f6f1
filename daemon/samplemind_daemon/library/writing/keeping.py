"""What is kept so that writes can be undone: <home>/undo, a folder for each write."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from samplemind_daemon.library.writing.ground import sync_folder

MOST_BYTES = 4 * 2**30  # of all that is kept: past it, nothing more is written into files


class Keeping:
    """The folder of what is kept. Its files are for the daemon's user alone."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "undo"

    @contextmanager
    def making(self, write: str, place: int, what: str) -> Iterator[BinaryIO]:
        """A new file, which is on the disk when this ends; `what` is "audio" or "sidecar"."""
        path = self._path(write, place, what)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(path, "w+b", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)

    @contextmanager
    def reading(self, write: str, place: int, what: str) -> Iterator[BinaryIO]:
        """What is kept of a file; FileNotFoundError where nothing is."""
        with self._path(write, place, what).open("rb") as file:
            yield file

    def size(self, write: str, place: int) -> int:
        """How many bytes are kept of a file."""
        sizes = 0
        for what in ("audio", "sidecar"):
            with suppress(FileNotFoundError):
                sizes += self._path(write, place, what).stat().st_size
        return sizes

    def sidecar_sha256(self, write: str, place: int) -> str:
        """The digest of the sidecar that is kept of a file; empty if none is."""
        try:
            return hashlib.sha256(self._path(write, place, "sidecar").read_bytes()).hexdigest()
        except FileNotFoundError:
            return ""

    def drop_file(self, write: str, place: int) -> None:
        """Keep nothing of a file any more."""
        for what in ("audio", "sidecar"):
            self._path(write, place, what).unlink(missing_ok=True)

    def drop(self, writes: Iterable[str]) -> None:
        """Keep nothing of these writes any more."""
        for write in writes:
            shutil.rmtree(self._folder / write, ignore_errors=True)

    def there(self) -> set[str]:
        """The writes that something is kept of."""
        with suppress(FileNotFoundError):
            return {path.name for path in self._folder.iterdir()}
        return set()

    def _path(self, write: str, place: int, what: str) -> Path:
        return self._folder / write / f"{place}.{what}"
