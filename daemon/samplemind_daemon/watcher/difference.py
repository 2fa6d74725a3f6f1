"""What a sweep saw, against what was known."""

from collections.abc import Mapping
from dataclasses import dataclass

from samplemind_daemon.library.intake import Find
from samplemind_daemon.model import Place
from samplemind_daemon.watcher.names import Names
from samplemind_daemon.watcher.stamp import Stamp
from samplemind_daemon.watcher.sweep import Sweep

MASS = 0.2  # of the files: a loss that more likely is a mount or a disk than a person


@dataclass(frozen=True)
class Difference:
    """What is new in a folder."""

    fresh: dict[bytes, Stamp]  # new files, and those that have changed
    told: list[Find]  # files that moved or came back, by stat alone
    gone: list[Place]  # that were there and are not
    present: int  # files that should be there


def compare(known: Mapping[bytes, Place], seen: Sweep, names: Names, inodes: bool) -> Difference:
    """What a sweep has found out; `inodes` is False where they do not last."""
    present, gone = missed(known, seen, names)
    fresh = {}
    told = []
    for path, stamp in seen.files.items():
        place = known.get(path)
        if place is None or not stamp.is_at(place, inodes):
            fresh[path] = stamp
        elif place.missing_at is not None:
            told.append(Find(stamp.place(path, place.audio)))
    moved = _moved(fresh, known, gone) if inodes else {}
    told += [Find(fresh.pop(path).place(path, place.audio)) for path, place in moved.items()]
    left = {place.audio for place in moved.values()}
    return Difference(fresh, told, [place for place in gone if place.audio not in left], present)


def missed(known: Mapping[bytes, Place], seen: Sweep, names: Names) -> tuple[int, list[Place]]:
    """How many files should be there, and those that are not, though they would have been seen."""
    there = [
        place
        for path, place in known.items()
        if place.audio and place.missing_at is None and names.wants(path)
    ]
    gone = [
        place
        for place in there
        if place.path not in seen.files
        and place.path not in seen.empty
        and not seen.is_hidden_from(place.path)
    ]
    return len(there), gone


def is_mass_loss(gone: int, present: int) -> bool:
    """Whether so many files are gone that a second sweep must say so too."""
    return gone > MASS * present


def _moved(
    fresh: Mapping[bytes, Stamp], known: Mapping[bytes, Place], gone: list[Place]
) -> dict[bytes, Place]:
    """Where files went that are gone: the same inode, device, size and time under a new name."""
    lost = {Stamp(place.size, place.mtime_ns, place.inode, place.device): place for place in gone}
    moved = {}
    for path, stamp in fresh.items():
        if path not in known and (place := lost.pop(stamp, None)) is not None:
            moved[path] = place
    return moved
