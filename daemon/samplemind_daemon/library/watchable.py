"""Which folders may be watched, and by which patterns."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from samplemind_daemon.model import Folder
from samplemind_daemon.refusals import Exists, Invalid

SYSTEM = frozenset("/bin /boot /dev /etc /lib /lib32 /lib64 /libx32 /proc /sbin /sys".split())  # and below
TOO_MUCH = frozenset("/ /run /usr /var".split())  # themselves; there may be sounds below
MOST_PATTERNS, LONGEST_PATTERN = 100, 255


def check_path(path: str, home: Path, inbox: Path) -> bytes:
    """The absolute path of a folder, without links; Invalid where it cannot or may not be watched."""
    if not path.startswith("/") or "\0" in path:
        raise _refusal("NOT_ABSOLUTE", f"{path[:200]!r} is not an absolute path.")
    real = os.path.realpath(path)
    if real in TOO_MUCH or any(is_within(real, system) for system in SYSTEM):
        raise _refusal("SYSTEM_FOLDER", f"{real} belongs to the system; watch a folder of sounds.")
    kept, taken = os.path.realpath(home), os.path.realpath(inbox)
    if is_within(real, kept) and not is_within(real, taken):
        raise _refusal("DAEMONS_OWN", f"{real} is where the daemon keeps its own things.")
    if not os.path.isdir(real):
        raise _refusal("NO_SUCH_FOLDER", f"There is no folder {path[:200]!r} on the daemon's machine.")
    if not os.access(real, os.R_OK | os.X_OK):
        raise _refusal("UNREADABLE_FOLDER", f"The daemon may not read {path[:200]!r}.")
    return os.fsencode(real)


def check_patterns(**patterns: Sequence[str]) -> None:
    """Invalid where there are too many name patterns, or one that cannot be."""
    wrong = {}
    for field, given in patterns.items():
        if len(given) > MOST_PATTERNS:
            wrong[field] = f"at most {MOST_PATTERNS} patterns, not {len(given)}"
        for pattern in given:
            if not 0 < len(pattern) <= LONGEST_PATTERN:
                wrong[field] = f"a pattern has 1 to {LONGEST_PATTERN} characters, not {len(pattern)}"
    if wrong:
        raise Invalid("INVALID_PATTERNS", "The folder cannot be watched by these patterns.", wrong)


def check_overlap(path: bytes, recursive: bool, watched: Iterable[Folder]) -> None:
    """Exists where files would be taken by two of a user's folders."""
    for other in watched:
        if other.path == path:
            continue
        if (other.recursive and _sees(other.path, path)) or (recursive and _sees(path, other.path)):
            shown = os.fsdecode(other.path).encode("utf-8", "replace").decode()
            raise Exists("FOLDER_OVERLAPS", f"Its files would be taken twice: {shown!r} is watched already.")


def is_within(path: str, folder: str) -> bool:
    """Whether a path is a folder's own, or below it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _sees(above: bytes, below: bytes) -> bool:
    """Whether watching one folder takes in the other: hidden folders on the way are not entered."""
    start = above.rstrip(b"/") + b"/"
    return below.startswith(start) and not any(
        part.startswith(b".") for part in below[len(start) :].split(b"/")
    )


def _refusal(reason: str, why: str) -> Invalid:
    return Invalid(reason, why, {"path": why})
