"""I2: the bytes of every sound that was sent here are kept, and are those that came."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from samplemind_daemon.store import folders
from samplemind_daemon.store.blobs import Blobs, Copy
from samplemind_daemon.store.check.fault import Fault
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import Audios, Contents, Uploads


class Wanted(NamedTuple):
    """What the rows know of files."""

    kept: frozenset[str]  # digests of contents that lie nowhere but here
    known: Mapping[str, int]  # how many bytes each content has, by its digest
    arriving: frozenset[str]  # uploads that are not finished


def wanted(db: Database) -> Wanted:
    """Which bytes the rows need."""
    sent = Audios.folder.is_null() & Audios.missing_at.is_null()
    kept = Audios.select(Audios.sha256).where(sent).distinct()
    known = Contents.select(Contents.sha256, Contents.size)
    arriving = Uploads.select(Uploads.id).where(Uploads.audio.is_null())
    return Wanted(
        frozenset(sha256 for (sha256,) in kept.tuples().execute(db)),
        dict(known.tuples().execute(db)),
        frozenset(id for (id,) in arriving.tuples().execute(db)),
    )


def faults(home: Path, blobs: Blobs, wanted: Wanted, deep: bool) -> Iterator[Fault]:
    """Contents that are not there, and kept bytes that are others than they should be."""
    missing = set(wanted.kept)
    for folder in blobs.folders():
        for copy in blobs.kept(folder):
            missing.discard(copy.sha256)
            if why := blobs.wrong(copy, wanted.known.get(copy.sha256), deep):
                yield Fault("I2", f"content {copy.sha256}", why, partial(_remove, home, blobs, copy))
    for sha256 in sorted(missing):
        yield Fault("I2", f"content {sha256}", "its bytes are not there", partial(_lose, sha256))


def _lose(sha256: str, db: Database) -> str:
    """Say that the sounds are missing; the same file can be sent again then."""
    lost = (Audios.sha256 == sha256) & Audios.folder.is_null() & Audios.missing_at.is_null()
    for user, id in list(Audios.select(Audios.user, Audios.id).where(lost).tuples().execute(db)):
        folders.lose(db, user, [id])
    return "its sounds are marked as missing; send the file again"


def _remove(home: Path, blobs: Blobs, copy: Copy, db: Database) -> str:
    return f"{blobs.set_aside(copy, home)}; {_lose(copy.sha256, db)}"
