"""A cage around a worker: it reads all but the daemon's secrets, writes nowhere, and calls, starts and kills nobody."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from samplemind_daemon.work.cage import landlock, seccomp

OPEN_ROOMS = ("blobs", "cache", "inbox", "plugins", "models")  # what workers may read of the daemon's home
MOST_WAYS = 20_000  # names beside the way to the home; past them the home lies in too crowded a place
OF_ALL_PROCESSES = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys", "/proc/filesystems")

Stamp = tuple[int, int]  # device and inode


@dataclass(frozen=True)
class Cage:
    """What is kept from workers, and the one folder that they may write to, if any."""

    home: Path
    scratch: Path | None = None

    def ways(self, needed: Iterable[str] = ()) -> "Ways":
        """All that may be read now: what does not lie on the way to the home, its open rooms, and what is needed.

        Of a needed file that lies in a folder of the home, the folder may be read; of one in the home itself, the file.
        """
        home, found = Path(os.path.realpath(self.home)), dict[str, Stamp]()
        for folder, on_the_way in zip(reversed(home.parents), home.parts[1:], strict=True):
            for name in _names(folder):
                if name != on_the_way and len(found) < MOST_WAYS:
                    _note(found, os.path.join(folder, name))
        for room in OPEN_ROOMS:
            _note(found, str(home / room))
        for file in map(Path, map(os.path.realpath, needed)):
            if home in file.parents:
                _note(found, str(file if file.parent == home else file.parent))
        return Ways(found, str(self.scratch) if self.scratch else "")


@dataclass(frozen=True)
class Ways:
    """Folders and files that may be read with all below them, as they were when they were looked at."""

    roots: dict[str, Stamp]
    scratch: str = ""

    def reach(self, path: str) -> bool:
        """Whether a file may be read: a folder that came later, or in place of another, is not among them."""
        whole = os.path.realpath(path)
        for place in (whole, *map(str, Path(whole).parents)):
            if place in self.roots:
                return _stamp(place) == self.roots[place]
        return False


def shut(ways: Ways) -> list[str]:
    """Close the cage around this process, for ever; what this system cannot keep from it."""
    own = (f"/proc/{os.getpid()}", *OF_ALL_PROCESSES)  # and nothing of other processes
    readable = [*(root for root in ways.roots if root != "/proc"), *own]
    return [*landlock.restrict(readable, ways.scratch), *seccomp.restrict()]


def missing() -> list[str]:
    """What a cage could not keep from workers on this system."""
    return [*landlock.missing(), *seccomp.missing()]


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []  # what cannot be listed is not reached


def _note(found: dict[str, Stamp], path: str) -> None:
    stamp = _stamp(path)
    if stamp is not None:
        found[path] = stamp


def _stamp(path: str) -> Stamp | None:
    try:
        seen = os.lstat(path)
    except OSError:
        return None
    return seen.st_dev, seen.st_ino
