"""I7: nothing lies about that belongs to nothing."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from samplemind_daemon.store.blobs import GRACE, Blobs
from samplemind_daemon.store.check.aside import set_aside
from samplemind_daemon.store.check.content import Wanted
from samplemind_daemon.store.check.fault import Fault
from samplemind_daemon.store.database import Database

HALF_DONE_SECONDS = 3_600.0  # that a half-written file may be there
PRIVATE = (".owner.key.*", ".signing.key.*", ".ready.json")


def faults(home: Path, blobs: Blobs, wanted: Wanted) -> Iterator[Fault]:
    """Half-written files that nobody writes on, and bytes that nobody has had for longer than the grace."""
    for path in _half_written(home, blobs, wanted):
        if _age_seconds(path) > HALF_DONE_SECONDS:
            yield Fault(
                "I7", f"file {path}", "it was begun and never finished", partial(_set_aside, home, path)
            )
    for folder in blobs.folders():
        for path in sorted(folder.iterdir()):
            if not path.name.startswith(".") and path.name not in wanted.known and _is_over(path):
                yield Fault(
                    "I7", f"content {path.name}", "it belongs to nobody", partial(_set_aside, home, path)
                )


def _half_written(home: Path, blobs: Blobs, wanted: Wanted) -> Iterator[Path]:
    for upload in sorted(blobs.staged_uploads() - wanted.arriving):
        yield blobs.staged(upload)
    for folder in blobs.folders():
        yield from sorted(folder.glob(".*"))
    for pattern in PRIVATE:
        yield from sorted(home.glob(pattern))


def _is_over(path: Path) -> bool:
    return _age_seconds(path) > GRACE.total_seconds() + HALF_DONE_SECONDS  # a daemon removes it meanwhile


def _age_seconds(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _set_aside(home: Path, path: Path, db: Database) -> str:
    return set_aside(home, path)
