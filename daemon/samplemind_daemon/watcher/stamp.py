"""What stat says of a file: enough to see that it has changed."""

import os
from typing import NamedTuple

from samplemind_daemon.model import Place
from samplemind_daemon.store.files import fit


class Stamp(NamedTuple):
    """A file as stat sees it."""

    size: int  # bytes
    mtime_ns: int
    inode: int
    device: int

    @classmethod
    def of(cls, seen: os.stat_result) -> "Stamp":
        """The stamp in a stat result."""
        return cls(seen.st_size, fit(seen.st_mtime_ns), fit(seen.st_ino), fit(seen.st_dev))

    def place(self, path: bytes, audio: str = "") -> Place:
        """The place of a file below its folder, and whose it is if that is known."""
        return Place(audio, path, self.size, self.mtime_ns, self.device, self.inode, None)

    def is_at(self, place: Place, inodes: bool = True) -> bool:
        """Whether a file is still as it was seen; `inodes` is False where they do not last.

        The device is not compared: it may be another one after each mount.
        """
        if (self.size, self.mtime_ns) != (place.size, place.mtime_ns):
            return False
        return not inodes or self.inode == place.inode
