"""A watched folder itself: whether it is there, and the one it was."""

import os
import stat
from collections.abc import Mapping
from typing import NamedTuple

from samplemind_daemon.model import Place
from samplemind_daemon.watcher.difference import is_mass_loss, missed
from samplemind_daemon.watcher.names import Names
from samplemind_daemon.watcher.sweep import Sweep


class Root(NamedTuple):
    """What tells a folder from another one at the same path; and whether names in it have changed."""

    device: int
    inode: int
    mtime_ns: int

    @property
    def marker(self) -> str:
        """Device and inode, to be remembered."""
        return f"{self.device}:{self.inode}"


def look_at(path: bytes) -> Root:
    """The folder at a path. Raises OSError where there is none."""
    seen = os.lstat(path)
    if not stat.S_ISDIR(seen.st_mode):
        raise NotADirectoryError("it is no folder")
    return Root(seen.st_dev, seen.st_ino, seen.st_mtime_ns)


def is_successor(root: Root, marker: str, known: Mapping[bytes, Place], seen: Sweep, names: Names) -> bool:
    """Whether a folder takes the place of the one with another marker: by the files that it holds.

    A disk that was mounted anew still has its files. A folder that was made anew, on the same disk,
    counts once there is a sound in it. An empty place where a disk should be mounted does not, nor
    does another disk.
    """
    present, gone = missed(known, seen, names)
    if not is_mass_loss(len(gone), present):
        return True
    return marker.split(":")[0] == str(root.device) and bool(seen.files)
