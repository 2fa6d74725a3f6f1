"""Plans of what is written into files, file by file, and how far each has come: what a crash leaves is known."""

import json
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any

from peewee import fn

from samplemind_daemon.model import (
    Audio,
    FileChange,
    FileState,
    Media,
    Place,
    Problem,
    TagChange,
    Write,
    WritePlan,
    WriteState,
)  # fmt: skip
from samplemind_daemon.store import events, folders, results, sounds
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import Audios, Folders, WriteFiles, Writes
from samplemind_daemon.store.write_plans import dump, load

OPEN = (WriteState.BEGUN, WriteState.READY, WriteState.UNDO_BEGUN, WriteState.UNDO_READY)
KIND = "audio.written"


def add(
    db: Database, id: str, user: str, plan: WritePlan, expires_at: datetime, changes: Iterable[FileChange]
) -> Write:
    """Keep a plan under this id, once."""
    if (known := find(db, user, id)) is not None:
        return known
    Writes.insert(id=id, user=user, plan=dump(plan), expires_at=expires_at, applied=False).execute(db)
    rows = [_row(one) for one in changes]
    for start in range(0, len(rows), 500):
        WriteFiles.insert_many(rows[start : start + 500]).execute(db)
    found = find(db, user, id)
    assert found is not None
    return found


def find(db: Database, user: str, id: str) -> Write | None:
    """The user's plan, if there is such a one."""
    row = Writes.select().where((Writes.id == id) & (Writes.user == user)).first(db)
    if row is None:
        return None
    counted = WriteFiles.select(WriteFiles.state, fn.COUNT(WriteFiles.place)).where(WriteFiles.write == id)
    states = dict(counted.group_by(WriteFiles.state).tuples().execute(db))
    refused = states.pop(WriteState.REFUSED, 0)
    return Write(id, user, load(row.plan), row.expires_at, row.applied, sum(states.values()), refused)


def changes(
    db: Database,
    write: str,
    states: Collection[WriteState] = (),
    limit: int = 5_000,
    last_first: bool = False,
) -> list[FileChange]:
    """Files of a plan, in its order or the opposite one; those in one of these states if any are named."""
    wanted = WriteFiles.write == write
    if states:
        wanted &= WriteFiles.state.in_(list(states))
    order = WriteFiles.place.desc() if last_first else WriteFiles.place
    return [
        _change(row) for row in WriteFiles.select().where(wanted).order_by(order).limit(limit).execute(db)
    ]


def open_changes(db: Database) -> list[FileChange]:
    """All files on this machine that were begun and not ended: what a crash has left."""
    elsewhere = Folders.select(Folders.id).where(~folders.here(db))
    left = WriteFiles.state.in_(OPEN) & WriteFiles.folder.not_in(elsewhere)
    query = WriteFiles.select().where(left).order_by(WriteFiles.write, WriteFiles.place)
    return [_change(row) for row in query.execute(db)]


def at_work(db: Database, folder: str) -> tuple[set[bytes], set[str]]:
    """The paths below a folder, and the sounds, that are being written now: what is seen of them says nothing."""
    columns = WriteFiles.path, WriteFiles.new_path, WriteFiles.audio
    query = WriteFiles.select(*columns).where((WriteFiles.folder == folder) & WriteFiles.state.in_(OPEN))
    rows = list(query.tuples().execute(db))
    return {bytes(path) for row in rows for path in row[:2]}, {audio for *_, audio in rows}


def mark(db: Database, change: FileChange, kept: int | None = None) -> None:
    """Keep how far a file has come, all of it; and how many bytes are kept for its undo, if that is known."""
    mine = (WriteFiles.write == change.write) & (WriteFiles.place == change.place)
    row = _row(change) | ({} if kept is None else {"kept": kept})
    WriteFiles.update(**row).where(mine).execute(db)


def settle(
    db: Database, user: str, change: FileChange, now_at: Place, sha256: str, media: Media | None
) -> None:
    """End a file's change: the sound is the same, with all that is known of it, where and what its file is now."""
    mark(db, change)
    audio = sounds.find(db, user, change.audio)
    if audio is None:
        return
    moved = _follow(db, audio, change.folder, now_at, sha256, media)
    note = {
        "kind": KIND,
        "audio": moved.id,
        "job": change.write,
        "folder": moved.folder or "",
        "name": moved.name,
    }
    events.record_many(db, user, [note])


def apply(db: Database, write: str, undo_until: datetime) -> None:
    """Note that a plan was applied, and until when it can be undone."""
    Writes.update(applied=True, expires_at=undo_until).where(Writes.id == write).execute(db)


def kept(db: Database) -> int:
    """How many bytes are kept so that writes can be undone."""
    return int(WriteFiles.select(fn.SUM(WriteFiles.kept)).scalar(db) or 0)


def expired(db: Database, moment: datetime, limit: int) -> list[str]:
    """Up to `limit` plans that are not good any more, and that nothing is at work on."""
    busy = WriteFiles.select(WriteFiles.write).where(WriteFiles.state.in_(OPEN))
    query = Writes.select(Writes.id).where((Writes.expires_at < moment) & Writes.id.not_in(busy)).limit(limit)
    return [id for (id,) in query.tuples().execute(db)]


def forget(db: Database, ids: Sequence[str]) -> None:
    """Forget plans and their files."""
    WriteFiles.delete().where(WriteFiles.write.in_(list(ids))).execute(db)
    Writes.delete().where(Writes.id.in_(list(ids))).execute(db)


def known(db: Database, ids: Collection[str]) -> set[str]:
    """Which of these plans there are."""
    return {id for (id,) in Writes.select(Writes.id).where(Writes.id.in_(list(ids))).tuples().execute(db)}


def owner(db: Database, write: str) -> str:
    """Whose plan it is; empty if there is no such one."""
    return str(Writes.select(Writes.user).where(Writes.id == write).scalar(db) or "")


def stamps(db: Database, audios: Sequence[str]) -> dict[str, tuple[int, int]]:
    """The time and the inode of these sounds' files, as they were last seen."""
    found: dict[str, tuple[int, int]] = {}
    for start in range(0, len(audios), 500):
        some = Audios.id.in_(list(audios[start : start + 500]))
        query = Audios.select(Audios.id, Audios.mtime_ns, Audios.inode).where(some)
        found |= {id: (mtime_ns, inode) for id, mtime_ns, inode in query.tuples().execute(db)}
    return found


def _follow(db: Database, audio: Audio, folder: str, place: Place, sha256: str, media: Media | None) -> Audio:
    """Let a sound have other bytes; what was found in the old ones holds for the new ones, as nothing else changed."""
    changed = sha256 if sha256 != audio.sha256 else ""
    if changed:
        sounds.introduce(db, sha256, place.size)
        if kept := media or audio.media:
            sounds.describe(db, sha256, kept)
        results.keep(db, sha256, results.of(db, audio.sha256))
    name = (
        place.path.rpartition(b"/")[2].decode("utf-8", "replace") if place.path != audio.path else audio.name
    )
    return folders.settle(db, audio, folder, place, name, changed)


def _row(one: FileChange) -> dict[str, Any]:
    after = one.after or FileState("", 0, 0, 0)
    return {
        "write": one.write, "place": one.place, "audio": one.audio, "folder": one.folder, "path": one.path,
        "new_path": one.new_path, "tags": json.dumps([astuple(tag) for tag in one.tags]),
        "values": json.dumps(one.values), "sidecar": one.sidecar, "old_sidecar": one.old_sidecar,
        "sha256": one.before.sha256, "size": one.before.size, "mtime_ns": one.before.mtime_ns,
        "inode": one.before.inode, "new_sha256": after.sha256, "new_size": after.size,
        "new_mtime_ns": after.mtime_ns, "new_inode": after.inode, "state": one.state,
        "reason": one.problem.reason if one.problem else "",
        "message": one.problem.message if one.problem else "", "sidecar_sha256": one.sidecar_sha256,
        "made": json.dumps([os.fsdecode(path) for path in one.made]),
    }  # fmt: skip


def _change(row: Any) -> FileChange:
    return FileChange(
        write=row.write, place=row.place, audio=row.audio, folder=row.folder, path=bytes(row.path),
        new_path=bytes(row.new_path), tags=tuple(TagChange(*tag) for tag in json.loads(row.tags)),
        values=tuple((name, value) for name, value in json.loads(row.values)), sidecar=bytes(row.sidecar),
        old_sidecar=bytes(row.old_sidecar),
        before=FileState(row.sha256, row.size, row.mtime_ns, row.inode),
        after=FileState(row.new_sha256, row.new_size, row.new_mtime_ns, row.new_inode) if row.new_sha256 else None,
        state=WriteState(row.state), problem=Problem(row.reason, row.message) if row.reason else None,
        sidecar_sha256=row.sidecar_sha256, made=tuple(map(os.fsencode, json.loads(row.made))),
    )  # fmt: skip
