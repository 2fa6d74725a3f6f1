"""The file that is heard: opened once, without following links and without waiting."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from .cannot import CannotDecode

_NOT_FILES = {errno.ELOOP: "a symbolic link", errno.ENXIO: "a socket or device", errno.EISDIR: "a folder"}
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


class File:
    """A regular file, opened for reading; raises CannotDecode where there is none."""

    def __init__(self, path: bytes | str | Path) -> None:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            self._descriptor = os.open(path, flags)
        except (OSError, ValueError) as error:
            raise _cannot_open(error) from error
        found = os.fstat(self._descriptor)
        self.size = found.st_size  # bytes
        if not stat.S_ISREG(found.st_mode):
            self.close()
            kind = _KINDS.get(stat.S_IFMT(found.st_mode), "something else")
            raise CannotDecode("NOT_A_FILE", f"it is {kind}, not a file")

    def at(self, offset: int, count: int) -> bytes:
        """The bytes from `offset` on, fewer at the end of the file."""
        pieces: list[bytes] = []
        while count > 0 and 0 <= offset < self.size:
            try:
                piece = os.pread(self._descriptor, count, offset)
            except OSError as error:
                raise _cannot_open(error) from error
            if not piece:
                break
            pieces.append(piece)
            offset, count = offset + len(piece), count - len(piece)
        return b"".join(pieces)

    def descriptor(self) -> int:
        """A descriptor of its own for a decoder, which closes it; all share one position, now at the start."""
        duplicate = os.dup(self._descriptor)
        os.lseek(duplicate, 0, os.SEEK_SET)
        return duplicate

    def stream(self) -> BinaryIO:
        """The file as an object for a decoder, at its start; closing it leaves this file open."""
        return os.fdopen(self.descriptor(), "rb")

    def close(self) -> None:
        """Let go of the file; a second time does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _cannot_open(error: OSError | ValueError) -> CannotDecode:
    number = error.errno if isinstance(error, OSError) else None
    if number in _NOT_FILES:
        return CannotDecode("NOT_A_FILE", f"it is {_NOT_FILES[number]}, not a file")
    why = os.strerror(number) if number else str(error)
    return CannotDecode("UNREADABLE", f"the file cannot be read: {why}")
