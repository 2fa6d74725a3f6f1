"""The bytes of uploaded sounds, by their digest. Kept means: on the disk, whatever happens next."""

import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from samplemind_daemon.failpoint import reach

PART = 1 << 20  # bytes read at a time
GRACE = timedelta(days=1)  # that bytes stay which nobody has any more


class Blobs:
    """A folder of files named by the SHA-256 of what they hold, and a staging folder on the same disk."""

    def __init__(self, root: Path) -> None:
        self._kept, self._staging, self._leaving = root / "sha256", root / "staging", root / "leaving"
        for folder in (self._kept, self._staging, self._leaving):
            folder.mkdir(parents=True, exist_ok=True)
        self._sweeping = Lock()

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

    def put(self, upload: str, offset: int, data: bytes) -> None:
        """Write a piece of an upload at its place. To write it twice does no harm."""
        staged = os.open(self.staged(upload), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while data:
                written = os.pwrite(staged, data, offset)
                data, offset = data[written:], offset + written
        finally:
            os.close(staged)

    def keep(self, upload: str, sha256: str) -> None:
        """Make an upload's bytes, which have this digest, lasting: file, name and folders are on the disk.

        They stay in staging too, so that it can be done again until the store knows of them.
        """
        home = self.path(sha256).parent
        home.mkdir(exist_ok=True)
        staged, second = self.staged(upload), home / f".{upload}"
        reach("blob.staged")
        self._sync(staged)
        reach("blob.synced")
        second.unlink(missing_ok=True)
        os.link(staged, second)
        with self._sweeping:
            second.replace(self.path(sha256))
        reach("blob.named")
        second.unlink(missing_ok=True)  # it is still there if the same was done before
        _sync_folder(home)
        _sync_folder(self._kept)  # always: whoever made `home` may have been killed before this
        reach("blob.kept")

    def drop_staged(self, uploads: Iterable[str]) -> None:
        """Forget the bytes of uploads that will not be finished."""
        for upload in uploads:
            self.staged(upload).unlink(missing_ok=True)

    def staged_uploads(self) -> set[str]:
        """The uploads whose bytes lie in staging."""
        return {path.name for path in self._staging.iterdir()}

    def retire(self, sha256: str) -> None:
        """Note that nobody has these bytes any more: their grace begins."""
        with suppress(FileNotFoundError):
            os.utime(self.path(sha256))

    def let_leave(self, sha256s: Iterable[str]) -> None:
        """Note, for whoever comes by, that these bytes shall go without any grace, unless somebody has them."""
        for sha256 in sha256s:
            if self.path(sha256).exists():
                (self._leaving / sha256).touch()

    def leaving(self) -> list[str]:
        """The digests of all bytes that shall go without any grace."""
        return sorted(path.name for path in self._leaving.iterdir())

    def strike(self, sha256: str) -> None:
        """Note that bytes have gone, or stay because somebody has them."""
        (self._leaving / sha256).unlink(missing_ok=True)

    def folders(self) -> list[Path]:
        """The folders of kept bytes, to be swept one by one."""
        return sorted(self._kept.iterdir())

    def older(self, folder: Path, moment: datetime) -> list[Path]:
        """What was kept or retired in a folder before this moment."""
        return [path for path in folder.iterdir() if _is_older(path, moment)]

    def drop_older(self, path: Path, moment: datetime) -> bool:
        """Remove what was found by `older`, unless it has been kept anew since; whether it was removed."""
        with self._sweeping:
            if not _is_older(path, moment):
                return False
            reach("blob.dropping")
            path.unlink()
            reach("blob.dropped")
            return True

    def _sync(self, staged: Path) -> None:
        """Bring a staged file to the disk, as of now; where that fails it is dropped.

        The kernel forgets what it could not write: a second try would seem to succeed.
        """
        file = os.open(staged, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.utime(file)
            os.fsync(file)
        except OSError:
            staged.unlink(missing_ok=True)
            raise
        finally:
            os.close(file)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_older(path: Path, moment: datetime) -> bool:
    try:
        return path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False
