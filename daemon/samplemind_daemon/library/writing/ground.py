"""What is done to the files below a watched folder: by name in an open folder, so that no link leads elsewhere."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from samplemind_daemon.library.beneath import open_file, opened_folder, opened_root
from samplemind_daemon.model import FileState
from samplemind_daemon.store.files import fit

PART = 2**20  # bytes read at a time


class Ground:
    """The files below one folder; paths are below it. Whatever cannot be done raises OSError."""

    def __init__(self, root: bytes) -> None:
        self.root = root

    @contextmanager
    def reading(self, path: bytes) -> Iterator[BinaryIO]:
        """A regular file, open for reading."""
        with opened_root(self.root) as root, os.fdopen(open_file(root, path), "rb") as file:
            yield file

    @contextmanager
    def making(self, path: bytes) -> Iterator[BinaryIO]:
        """A new file, open for reading and writing, for its owner alone; one that is left from before goes first."""
        with self._above(path) as (folder, name):
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=folder)
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            with os.fdopen(os.open(name, flags, 0o600, dir_fd=folder), "w+b") as file:
                yield file

    def stat(self, path: bytes) -> os.stat_result | None:
        """What is at a path, if there is anything; of a link, the link."""
        try:
            with self._above(path) as (folder, name):
                return os.stat(name, dir_fd=folder, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def state(self, path: bytes) -> FileState | None:
        """A file's state, read whole; None where there is no regular file."""
        found = self.stat(path)
        if found is None or not stat.S_ISREG(found.st_mode):
            return None
        with self.reading(path) as file:
            return file_state(file)

    def names(self, path: bytes) -> list[bytes]:
        """The names in a folder; none where there is no such one."""
        try:
            with opened_root(self.root) as root, opened_folder(root, path) as folder:
                return [os.fsencode(name) for name in os.listdir(folder)]
        except FileNotFoundError:
            return []

    def make_folders(self, path: bytes) -> None:
        """Make a folder and those above it, as far as they are not there."""
        here = b""
        for part in path.split(b"/") if path else ():
            above, here = here, here + b"/" + part if here else part
            with (
                opened_root(self.root) as root,
                opened_folder(root, above) as folder,
                suppress(FileExistsError),
            ):
                os.mkdir(part, dir_fd=folder)
                os.fsync(folder)

    def drop_folder(self, path: bytes) -> None:
        """Remove a folder if it is empty."""
        with suppress(OSError), self._above(path) as (folder, name):
            os.rmdir(name, dir_fd=folder)

    def claim(self, path: bytes) -> None:
        """Take a free name, with an empty file that may be replaced. Raises FileExistsError where it is not free."""
        with self._above(path) as (folder, name):
            os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder))

    def rename(self, path: bytes, new_path: bytes) -> None:
        """Put a file in the place of whatever is at the new path, in one, and onto the disk."""
        with self._above(path) as (old, name), self._above(new_path) as (new, new_name):
            os.rename(name, new_name, src_dir_fd=old, dst_dir_fd=new)
            os.fsync(new)
            os.fsync(old)

    def drop(self, path: bytes) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError, NotADirectoryError), self._above(path) as (folder, name):
            os.unlink(name, dir_fd=folder)
            os.fsync(folder)

    @contextmanager
    def _above(self, path: bytes) -> Iterator[tuple[int, bytes]]:
        above, _, name = path.rpartition(b"/")
        with opened_root(self.root) as root, opened_folder(root, above) as folder:
            yield folder, name


def file_state(file: BinaryIO) -> FileState:
    """The state of an open file, read whole."""
    sha256 = hashlib.sha256()
    file.flush() if file.writable() else None
    file.seek(0)
    while piece := file.read(PART):
        sha256.update(piece)
    return stamped(os.fstat(file.fileno()), sha256.hexdigest())


def stamped(found: os.stat_result, sha256: str) -> FileState:
    """What stat says, with a digest."""
    return FileState(sha256, found.st_size, fit(found.st_mtime_ns), fit(found.st_ino))


def has_stamp(found: os.stat_result | None, state: FileState) -> bool:
    """Whether stat says of a file that it is as it was."""
    return found is not None and stat.S_ISREG(found.st_mode) and stamped(found, state.sha256) == state


def dress(file: BinaryIO, like: os.stat_result, mtime_ns: int) -> None:
    """Give an open file the mode, the owner and the times of another, as far as we may; and put it onto the disk."""
    file.flush()
    handle = file.fileno()
    with suppress(OSError):  # only root gives files away
        os.fchown(handle, like.st_uid, like.st_gid)
    with suppress(OSError):  # there are file systems without modes
        os.fchmod(handle, stat.S_IMODE(like.st_mode))
    os.utime(handle, ns=(like.st_atime_ns, mtime_ns))
    os.fsync(handle)


def sync_folder(path: Path) -> None:
    """Put the names in a folder onto the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
