"""Watched folders, and the files in them as they were last seen."""

import json
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN, fn

from samplemind_daemon.model import Audio, Folder, FolderState, Place, State, WritePlan
from samplemind_daemon.model.write import NOTHING
from samplemind_daemon.store import catalogue, events, forgotten, sounds
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.tables import Audios, Folders
from samplemind_daemon.store.write_plans import dump, load


@dataclass(frozen=True)
class Twin:
    """A sound with a content that was found again, and where its own file should lie; None if nowhere."""

    audio: str
    sha256: str
    file: bytes | None


def add(
    db: Database,
    user: str,
    id: str,
    path: bytes,
    recursive: bool,
    include: Sequence[str],
    ignore: Sequence[str],
    write: WritePlan = NOTHING,
) -> Folder:
    """Watch a folder under this id, once; a path that the user watches already is answered as it is."""
    known = Folders.select().where((Folders.user == user) & (Folders.path == path) & here(db)).first(db)
    if known is not None:
        return _folder(known)
    Folders.insert(
        id=id, user=user, path=path, state=FolderState.ACTIVE, recursive=recursive,
        include=json.dumps(list(include)), ignore=json.dumps(list(ignore)), created_at=now(),
        write=dump(write), written_at=now(), instance=db.instance,
    ).execute(db)  # fmt: skip
    return _told(db, id, "folder.added")


def find(db: Database, user: str, id: str) -> Folder | None:
    """The user's folder, if there is such a one."""
    row = Folders.select().where((Folders.id == id) & (Folders.user == user)).first(db)
    return _folder(row) if row else None


def page(db: Database, user: str, after: str, limit: int) -> list[Folder]:
    """Up to `limit` folders of the user, by id."""
    query = Folders.select().where((Folders.user == user) & (Folders.id > after)).order_by(Folders.id)
    return [_folder(row) for row in query.limit(limit).execute(db)]


def here(db: Database) -> Any:
    """The condition for folders that this daemon watches, where there are others on its database."""
    return Folders.instance == db.instance if db.instance else Folders.id.is_null(False)


def is_here(db: Database, folder: Folder) -> bool:
    """Whether this daemon watches a folder."""
    return not db.instance or folder.instance == db.instance


def adopt(db: Database) -> None:
    """Watch here what was watched when there could be no other daemon."""
    Folders.update(instance=db.instance).where(Folders.instance == "").execute(db)


def everyone(db: Database) -> list[Folder]:
    """The folders of all users on this machine: what the watcher watches."""
    return [_folder(row) for row in Folders.select().where(here(db)).order_by(Folders.created_at).execute(db)]


def update(
    db: Database,
    id: str,
    recursive: bool,
    include: Sequence[str],
    ignore: Sequence[str],
    write: WritePlan = NOTHING,
) -> Folder:
    """Change what is taken from a folder, and what is written into its files from now on."""
    changes = {
        "recursive": recursive,
        "include": json.dumps(list(include)),
        "ignore": json.dumps(list(ignore)),
    }
    Folders.update(**changes).where(Folders.id == id).execute(db)
    otherwise = (Folders.id == id) & (Folders.write != dump(write))
    Folders.update(write=dump(write), written_at=now()).where(otherwise).execute(db)
    return _told(db, id, "folder.changed")


def to_write(db: Database) -> list[Folder]:
    """The folders that something is written into by itself, of all users on this machine."""
    wanted = here(db) & (Folders.write != "") & (Folders.state == FolderState.ACTIVE)
    return [_folder(row) for row in Folders.select().where(wanted).execute(db)]


def heard_since(db: Database, folder: Folder, limit: int) -> list[tuple[str, datetime]]:
    """Up to `limit` sounds of a folder whose analysis ended after what was written last, the first one first."""
    mine = (Audios.user == folder.user) & (Audios.state_at > (folder.written_at or now()))
    mine &= (Audios.folder == folder.id) & (Audios.state == State.COMPLETED) & Audios.missing_at.is_null()
    query = Audios.select(Audios.id, Audios.state_at).where(mine).order_by(Audios.state_at, Audios.id)
    return list(query.limit(limit).tuples().execute(db))


def wrote(db: Database, folder: Folder, moment: datetime) -> None:
    """Note that all whose analysis ended until then were written, if it is still to be written as the folder says."""
    same = (Folders.id == folder.id) & (Folders.write == dump(folder.write))
    Folders.update(written_at=moment).where(same).execute(db)


def put(db: Database, id: str, state: FolderState) -> Folder:
    """Put a folder into another state."""
    if Folders.update(state=state).where((Folders.id == id) & (Folders.state != state)).execute(db):
        return _told(db, id, "folder.changed")
    return _folder(Folders.select().where(Folders.id == id).get(db))


def turn(db: Database, id: str, state: FolderState) -> bool:
    """Note whether a folder is there; False if it is not watched any more, or paused."""
    row = Folders.select().where(Folders.id == id).first(db)
    if row is None or row.state == FolderState.PAUSED:
        return False
    put(db, id, state)
    return True


def remove(db: Database, id: str) -> None:
    """Watch a folder no more. Its sounds stay known."""
    _told(db, id, "folder.removed")
    Folders.delete().where(Folders.id == id).execute(db)
    forgotten.drop(db, id)


def marker(db: Database, id: str) -> str:
    """What tells this folder from another one at the same path; empty if not yet known."""
    return str(Folders.select(Folders.marker).where(Folders.id == id).scalar(db) or "")


def mark(db: Database, id: str, marker: str) -> None:
    """Remember what tells this folder from another one at the same path."""
    Folders.update(marker=marker).where(Folders.id == id).execute(db)


def places(db: Database, folder: str) -> dict[bytes, Place]:
    """The files of a folder as they were last seen, by path; those of deleted sounds are of no sound."""
    return forgotten.places(db, folder) | _places(db, Audios.folder == folder)


def places_at(db: Database, folder: str, paths: Sequence[bytes]) -> dict[bytes, Place]:
    """Those of the folder's files, as they were last seen, that have one of these paths."""
    found: dict[bytes, Place] = {}
    for start in range(0, len(paths), 500):
        some = list(paths[start : start + 500])
        found |= forgotten.places_at(db, folder, some)
        found |= _places(db, (Audios.folder == folder) & Audios.path.in_(some))
    return found


def twins(db: Database, user: str, sha256s: Collection[str], limit: int = 1_000) -> list[Twin]:
    """The user's sounds from watch folders that have one of these contents, missing ones first.

    Folders that are not there now, or on another machine, are left out: nobody can say what is in them.
    """
    mine = (Audios.user == user) & Audios.sha256.in_(list(sha256s)) & Audios.folder.is_null(False)
    at_hand = Folders.state.is_null() | (Folders.state != FolderState.OFFLINE) & here(db)
    query = (
        Audios.select(Audios.id, Audios.sha256, Folders.path, Audios.path, Audios.missing_at)
        .join(Folders, JOIN.LEFT_OUTER, on=(Folders.id == Audios.folder))
        .where(mine & at_hand)
        .order_by(Audios.missing_at.desc(nulls="LAST"), Audios.created_at)
        .limit(limit)
    )
    return [
        Twin(id, sha256, os.path.join(bytes(root), bytes(path)) if root is not None and not missing else None)
        for id, sha256, root, path, missing in query.tuples().execute(db)
    ]


def settle(db: Database, audio: Audio, folder: str, place: Place, name: str, sha256: str = "") -> Audio:
    """Note where a sound's file is now, under which name, and with which content if that has changed."""
    changes: dict[str, Any] = {
        "folder": folder, "path": place.path, "size": place.size, "mtime_ns": place.mtime_ns,
        "device": place.device, "inode": place.inode, "missing_at": None, "name": name,
    }  # fmt: skip
    if sha256:
        sounds.introduce(db, sha256, place.size)
        changes["sha256"] = sha256
    Audios.update(**changes).where(Audios.id == audio.id).execute(db)
    catalogue.refresh(db, [audio.id])
    if sha256:
        sounds.release(db, audio.sha256)
    found = sounds.find(db, audio.user, audio.id)
    assert found is not None
    return found


def lose(db: Database, user: str, audios: Collection[str]) -> None:
    """Mark sounds as missing from their folder: nothing is deleted."""
    for audio in sounds.find_many(db, user, list(audios)).values():
        if audio.missing_at is None:
            Audios.update(missing_at=now()).where(Audios.id == audio.id).execute(db)
            events.record(db, user, "audio.missing", audio)


def count(db: Database, folder: str) -> tuple[int, int]:
    """How many files of a folder are there, and how many are missing."""
    mine = Audios.folder == folder
    gone = Audios.select(fn.COUNT(Audios.id)).where(mine & Audios.missing_at.is_null(False)).scalar(db)
    return int(Audios.select().where(mine).count(db)) - int(gone), int(gone)


def _places(db: Database, wanted: Any) -> dict[bytes, Place]:
    query = Audios.select(
        Audios.id, Audios.path, Audios.size, Audios.mtime_ns, Audios.device, Audios.inode, Audios.missing_at
    ).where(wanted)
    found = (Place(id, bytes(path), *rest) for id, path, *rest in query.tuples().execute(db))
    return {place.path: place for place in found}


def _told(db: Database, id: str, kind: str) -> Folder:
    folder = _folder(Folders.select().where(Folders.id == id).get(db))
    name = folder.path.decode("utf-8", "replace")
    events.record(db, folder.user, kind, folder=id, name=name)
    return folder


def _folder(row: Any) -> Folder:
    return Folder(
        id=row.id,
        user=row.user,
        path=bytes(row.path),
        state=FolderState(row.state),
        recursive=row.recursive,
        include=tuple(json.loads(row.include)),
        ignore=tuple(json.loads(row.ignore)),
        created_at=row.created_at,
        write=load(row.write),
        written_at=row.written_at,
        instance=row.instance,
    )
