"""I7: nothing lies about that belongs to nothing."""

import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from samplemind_daemon.store.aside import set_aside
from samplemind_daemon.store.blobs import GRACE, Blobs, Copy
from samplemind_daemon.store.check.content import Wanted
from samplemind_daemon.store.check.fault import Fault
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now

HALF_DONE = timedelta(hours=1)  # that a half-written file may be there
PRIVATE = (".owner.key.*", ".signing.key.*", ".ready.json")


def faults(home: Path, blobs: Blobs, wanted: Wanted) -> Iterator[Fault]:
    """Half-written files that nobody writes on, and bytes that nobody has had for longer than the grace."""
    for path in _half_written(home, blobs, wanted):
        if _age_seconds(path) > HALF_DONE.total_seconds():
            yield Fault(
                "I7", f"file {path}", "it was begun and never finished", partial(_set_aside, home, path)
            )
    moment = now() - GRACE - HALF_DONE  # a daemon removes it meanwhile
    for folder in blobs.folders():
        for copy in sorted(blobs.old(folder, moment)):
            if not copy.sha256.startswith(".") and copy.sha256 not in wanted.known:
                yield Fault(
                    "I7",
                    f"content {copy.sha256}",
                    "it belongs to nobody",
                    partial(_set_bytes_aside, home, blobs, copy),
                )


def _half_written(home: Path, blobs: Blobs, wanted: Wanted) -> Iterator[Path]:
    for upload in sorted(blobs.staging.uploads() - wanted.arriving):
        yield blobs.staging.path(upload)
    yield from blobs.begun()
    for pattern in PRIVATE:
        yield from sorted(home.glob(pattern))


def _age_seconds(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _set_aside(home: Path, path: Path, db: Database) -> str:
    return set_aside(home, path)


def _set_bytes_aside(home: Path, blobs: Blobs, copy: Copy, db: Database) -> str:
    return blobs.set_aside(copy, home)
