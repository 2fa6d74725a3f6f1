"""Kept bytes in a folder of this machine: kept means on the disk, whatever happens next."""

import asyncio
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import ParamSpec, TypeVar

from samplemind_daemon.failpoint import reach
from samplemind_daemon.refusals import NotFound
from samplemind_daemon.store.aside import set_aside
from samplemind_daemon.store.blobs.blobs import PART, Copy
from samplemind_daemon.store.blobs.staging import Staging

P = ParamSpec("P")
Answer = TypeVar("Answer")


class DiskBlobs:
    """A folder of files named by the SHA-256 of what they hold, and a staging folder on the same disk."""

    look_seconds, sweep_seconds = 5.0, 0.0

    def __init__(self, root: Path) -> None:
        self._kept, self._leaving = root / "sha256", root / "leaving"
        for folder in (self._kept, self._leaving):
            folder.mkdir(parents=True, exist_ok=True)
        self.staging = Staging(root / "staging")
        self._sweeping = Lock()

    async def run(self, deed: Callable[P, Answer], *args: P.args, **kwargs: P.kwargs) -> Answer:
        return await asyncio.to_thread(deed, *args, **kwargs)

    def close(self) -> None:
        """There is nothing to end."""

    def path(self, sha256: str) -> Path:
        """Where the bytes with this digest lie, if they are kept."""
        return self._kept / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def is_near(self, sha256: str, size: int) -> bool:
        return True

    def doubt(self, sha256: str) -> None:
        """There are no others."""

    def url(self, sha256: str, seconds: float) -> None:
        return None

    def keep(self, upload: str, sha256: str) -> None:
        """Make an upload's bytes, which have this digest, lasting: file, name and folders are on the disk.

        They stay in staging too, so that it can be done again until the store knows of them.
        """
        home = self.path(sha256).parent
        home.mkdir(exist_ok=True)
        staged, second = self.staging.path(upload), home / f".{upload}"
        reach("blob.staged")
        _sync(staged)
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

    def take_in(self, sha256: str, pieces: Iterable[bytes]) -> bool:
        """As promised; it lasts once the system has written all that it holds, which is left to the caller."""
        place, digest = self.path(sha256), hashlib.sha256()
        place.parent.mkdir(exist_ok=True)
        with place.open("xb") as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        if digest.hexdigest() != sha256:
            place.unlink()
        return digest.hexdigest() == sha256

    @contextmanager
    def holding(self, sha256: str) -> Iterator[Path]:
        if not self.has(sha256):
            raise _gone(sha256)
        yield self.path(sha256)

    def pieces(self, sha256: str, offset: int = 0) -> Iterator[bytes]:
        try:
            file = self.path(sha256).open("rb")
        except FileNotFoundError:
            raise _gone(sha256) from None
        with file:
            file.seek(offset)
            while part := file.read(PART):
                yield part

    def retire(self, sha256: str) -> None:
        with suppress(FileNotFoundError):
            os.utime(self.path(sha256))

    def let_leave(self, sha256s: Iterable[str]) -> None:
        for sha256 in sha256s:
            if self.path(sha256).exists():
                (self._leaving / sha256).touch()

    def leaving(self) -> dict[str, list[Copy]]:
        return {one: self._copies([self.path(one)]) for one in sorted(os.listdir(self._leaving))}

    def strike(self, sha256: str) -> None:
        (self._leaving / sha256).unlink(missing_ok=True)

    def folders(self) -> list[str]:
        return sorted(os.listdir(self._kept))

    def kept(self, folder: str) -> list[Copy]:
        paths = sorted((self._kept / folder).iterdir())
        return self._copies(path for path in paths if not path.name.startswith("."))

    def old(self, folder: str, moment: datetime) -> list[Copy]:
        return self._copies(path for path in (self._kept / folder).iterdir() if _is_older(path, moment))

    def drop(self, copy: Copy, moment: datetime) -> bool:
        path = Path(copy.place)
        with self._sweeping:
            if not _is_older(path, moment):
                return False
            reach("blob.dropping")
            path.unlink()
            reach("blob.dropped")
            return True

    def begun(self) -> list[Path]:
        return sorted(self._kept.glob("*/.*"))

    def wrong(self, copy: Copy, size: int | None, deep: bool) -> str:
        """As promised; all bytes are read in any case."""
        digest = hashlib.sha256()
        try:
            for part in self.pieces(copy.sha256):
                digest.update(part)
        except NotFound:
            return ""  # the daemon has just removed it
        except OSError as problem:
            return f"its bytes cannot be read: {os.strerror(problem.errno or 0)}"
        found = digest.hexdigest()
        return "" if found == copy.sha256 else f"its bytes have changed: they are {found} now"

    def set_aside(self, copy: Copy, home: Path) -> str:
        return set_aside(home, Path(copy.place))

    def _copies(self, paths: Iterable[Path]) -> list[Copy]:
        """Those of the files that are there."""
        found = []
        for path in paths:
            with suppress(FileNotFoundError):
                found.append(Copy(path.name, str(path), path.stat().st_size))
        return found


def _sync(staged: Path) -> None:
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


def _gone(sha256: str) -> NotFound:
    return NotFound("SOURCE_GONE", f"The bytes {sha256} are not kept any more.")
