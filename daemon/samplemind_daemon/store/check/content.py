"""I2: the bytes of every sound that was sent here are kept, and are those that came."""

import hashlib
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from samplemind_daemon.store import folders
from samplemind_daemon.store.blobs import PART, Blobs
from samplemind_daemon.store.check.aside import set_aside
from samplemind_daemon.store.check.fault import Fault
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import Audios, Contents, Uploads


class Wanted(NamedTuple):
    """What the rows know of files."""

    kept: frozenset[str]  # digests of contents that lie nowhere but here
    known: frozenset[str]  # digests of all contents
    arriving: frozenset[str]  # uploads that are not finished


def wanted(db: Database) -> Wanted:
    """Which bytes the rows need."""
    sent = Audios.folder.is_null() & Audios.missing_at.is_null()
    kept = Audios.select(Audios.sha256).where(sent).distinct()
    known = Contents.select(Contents.sha256)
    arriving = Uploads.select(Uploads.id).where(Uploads.audio.is_null())
    return Wanted(
        *(frozenset(one for (one,) in query.tuples().execute(db)) for query in (kept, known, arriving))
    )


def faults(home: Path, blobs: Blobs, wanted: Wanted) -> Iterator[Fault]:
    """Contents that are not there, and files that hold something else than their name says."""
    for sha256 in sorted(wanted.kept):
        if not blobs.path(sha256).is_file():
            yield Fault("I2", f"content {sha256}", "its bytes are not there", partial(_lose, sha256))
    for folder in blobs.folders():
        for path in sorted(folder.iterdir()):
            if not path.name.startswith(".") and (why := _wrong(path)):
                yield Fault("I2", f"content {path.name}", why, partial(_remove, home, path))


def digest(path: Path) -> str:
    """The SHA-256 of what a file holds."""
    with path.open("rb") as file:
        found = hashlib.sha256()
        while part := file.read(PART):
            found.update(part)
    return found.hexdigest()


def _wrong(path: Path) -> str:
    try:
        found = digest(path)
    except FileNotFoundError:
        return ""  # the daemon has just removed it
    except OSError as problem:
        return f"its bytes cannot be read: {os.strerror(problem.errno or 0)}"
    return "" if found == path.name else f"its bytes have changed: they are {found} now"


def _lose(sha256: str, db: Database) -> str:
    """Say that the sounds are missing; the same file can be sent again then."""
    lost = (Audios.sha256 == sha256) & Audios.folder.is_null() & Audios.missing_at.is_null()
    for user, id in list(Audios.select(Audios.user, Audios.id).where(lost).tuples().execute(db)):
        folders.lose(db, user, [id])
    return "its sounds are marked as missing; send the file again"


def _remove(home: Path, path: Path, db: Database) -> str:
    return f"{set_aside(home, path)}; {_lose(path.name, db)}"
