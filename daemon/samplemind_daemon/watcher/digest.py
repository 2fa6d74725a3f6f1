"""What files hold, as SHA-256."""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from samplemind_daemon.library.beneath import open_file, opened_root
from samplemind_daemon.watcher.stamp import Stamp

PART = 1 << 20  # bytes read at a time


@dataclass
class Digests:
    """What was read: digests by path, why others could not be read, and which changed meanwhile."""

    sha256s: dict[bytes, str] = field(default_factory=dict)
    unreadable: dict[bytes, str] = field(default_factory=dict)
    changed: list[bytes] = field(default_factory=list)

    def add(self, other: "Digests") -> None:
        """Take in what another thread has read."""
        self.sha256s |= other.sha256s
        self.unreadable |= other.unreadable
        self.changed += other.changed


def digest(root: bytes, files: Mapping[bytes, Stamp], stopped: Callable[[], bool]) -> Digests:
    """Read files below a folder, whole; a file that was not as its stamp says, before or after, has changed.

    Ends early once `stopped` says so.
    """
    read = Digests()
    with opened_root(root) as handle:
        for path, stamp in files.items():
            if stopped():
                break
            try:
                sha256 = _digest(handle, path, stamp, stopped)
            except FileNotFoundError:
                read.changed.append(path)
            except OSError as error:
                read.unreadable[path] = error.strerror or str(error)
            else:
                if sha256:
                    read.sha256s[path] = sha256
                else:
                    read.changed.append(path)
    return read


def _digest(root: int, path: bytes, stamp: Stamp, stopped: Callable[[], bool]) -> str:
    """The digest of a file; empty if it has changed."""
    file = open_file(root, path)
    try:
        sha256 = hashlib.sha256()
        if not _is_as_seen(file, stamp):
            return ""
        while (part := os.read(file, PART)) and not stopped():
            sha256.update(part)
        return sha256.hexdigest() if _is_as_seen(file, stamp) and not stopped() else ""
    finally:
        os.close(file)


def _is_as_seen(file: int, stamp: Stamp) -> bool:
    """Whether an open file is still as it was seen; layered file systems give it another device."""
    return Stamp.of(os.fstat(file))[:3] == stamp[:3]
