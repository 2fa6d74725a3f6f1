"""The bytes of uploaded sounds, by their digest. Kept means: on the disk, whatever happens next."""

import os
from collections.abc import Iterable
from pathlib import Path

PART = 1 << 20  # bytes read at a time


class Blobs:
    """A folder of files named by the SHA-256 of what they hold, and a staging folder on the same disk."""

    def __init__(self, root: Path) -> None:
        self._kept, self._staging = root / "sha256", root / "staging"
        self._kept.mkdir(parents=True, exist_ok=True)
        self._staging.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the bytes with this digest lie, if they are kept."""
        return self._kept / sha256[:2] / sha256

    def staged(self, upload: str) -> Path:
        """Where an upload's bytes gather."""
        return self._staging / upload

    def size_staged(self, upload: str) -> int:
        """How many bytes of an upload are there."""
        try:
            return self.staged(upload).stat().st_size
        except FileNotFoundError:
            return 0

    def keep(self, upload: str, sha256: str) -> None:
        """Make an upload's bytes, which have this digest, lasting: file, name and folders are on the disk."""
        home = self.path(sha256).parent
        if not home.is_dir():
            home.mkdir(exist_ok=True)
            _sync_folder(self._kept)
        staged = self.staged(upload)
        with staged.open("rb") as file:
            os.fsync(file.fileno())
        staged.rename(self.path(sha256))
        _sync_folder(home)

    def drop_staged(self, uploads: Iterable[str]) -> None:
        """Forget the bytes of uploads that will not be finished."""
        for upload in uploads:
            self.staged(upload).unlink(missing_ok=True)

    def staged_uploads(self) -> set[str]:
        """The uploads whose bytes lie in staging."""
        return {path.name for path in self._staging.iterdir()}

    def drop(self, sha256: str) -> None:
        """Remove bytes that nobody has any more."""
        self.path(sha256).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
