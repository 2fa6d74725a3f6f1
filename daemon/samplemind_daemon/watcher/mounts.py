"""Which file system a folder lies on: some do not tell who else changes them."""

import os
import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
SILENT = frozenset(
    "9p afs autofs ceph cifs davfs glusterfs lustre ncpfs nfs nfs4 smb2 smb3 smbfs vboxsf".split()
)


def is_remote(path: bytes) -> bool:
    """Whether changes made elsewhere go untold there: a network mount, or a file system in user space."""
    kind = kind_of(path, MOUNTS.read_bytes() if MOUNTS.exists() else b"")
    return kind in SILENT or kind == "fuse" or kind.startswith("fuse.")


def kind_of(path: bytes, mountinfo: bytes) -> str:
    """The type of the file system that holds a path, by the text of /proc/self/mountinfo; "" if unknown."""
    best, kind = b"", ""
    for line in mountinfo.splitlines():
        before, _, after = line.partition(b" - ")
        fields = before.split(b" ")
        if len(fields) < 5 or not after:
            continue
        point = re.sub(rb"\\([0-7]{3})", lambda octal: bytes([int(octal[1], 8)]), fields[4])
        if _holds(point, path) and len(point) >= len(best):  # of equal ones the last hides the others
            best, kind = point, os.fsdecode(after.split(b" ")[0])
    return kind


def _holds(point: bytes, path: bytes) -> bool:
    return path == point or path.startswith(point.rstrip(b"/") + b"/")
