"""Reaching below a folder without ever leaving it: no link is followed, at no step of a path."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

_STEP = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a FIFO must not block


@contextmanager
def opened_root(root: bytes) -> Iterator[int]:
    """A handle of the folder itself."""
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def opened_folder(root: int, path: bytes) -> Iterator[int]:
    """A handle of a folder below; b"" is the root itself. Raises OSError at a link on the way."""
    here = os.open(b".", _STEP, dir_fd=root)
    try:
        for part in path.split(b"/") if path else ():
            below = os.open(part, _STEP, dir_fd=here)
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)


def open_file(root: int, path: bytes) -> int:
    """A handle of a regular file below. Raises OSError at a link, or where it is something else."""
    above, _, name = path.rpartition(b"/")
    with opened_folder(root, above) as folder:
        handle = os.open(name, _FILE, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"{os.fsdecode(path)!r} is no regular file")
    return handle
