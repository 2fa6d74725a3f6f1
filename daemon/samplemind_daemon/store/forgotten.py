"""Files of watch folders whose sounds were deleted: they are left where they are, and passed over until they change."""

from collections.abc import Sequence
from typing import Any

from samplemind_daemon.model import Place
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import Audios, Forgotten


def note(db: Database, audio: str) -> None:
    """Remember the file of a sound that is about to be deleted, as it was last seen."""
    row = Audios.select().where((Audios.id == audio) & Audios.folder.is_null(False)).first(db)
    if row is not None and row.missing_at is None:
        Forgotten.put(
            folder=row.folder, path=row.path, size=row.size, mtime_ns=row.mtime_ns,
            device=row.device, inode=row.inode,
        ).execute(db)  # fmt: skip


def places(db: Database, folder: str) -> dict[bytes, Place]:
    """The forgotten files of a folder, by path; the places of no sound."""
    return _places(db, Forgotten.folder == folder)


def places_at(db: Database, folder: str, paths: Sequence[bytes]) -> dict[bytes, Place]:
    """Those of the folder's forgotten files that have one of up to 500 paths."""
    return _places(db, (Forgotten.folder == folder) & Forgotten.path.in_(list(paths)))


def drop(db: Database, folder: str) -> None:
    """Know nothing of a folder's forgotten files any more."""
    Forgotten.delete().where(Forgotten.folder == folder).execute(db)


def _places(db: Database, wanted: Any) -> dict[bytes, Place]:
    query = Forgotten.select(
        Forgotten.path, Forgotten.size, Forgotten.mtime_ns, Forgotten.device, Forgotten.inode
    ).where(wanted)
    return {
        bytes(path): Place("", bytes(path), size, mtime_ns, device, inode, None)
        for path, size, mtime_ns, device, inode in query.tuples().execute(db)
    }
