"""The catalogue: each sound with what it is searched and sorted by, as its results, its user and its name say.

It is written with nearly everything that happens, by the one writer: so only what has changed is.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from peewee import JOIN

from samplemind_daemon.analysis.corrected import corrected, needed
from samplemind_daemon.model import Media, Result, State
from samplemind_daemon.store import corrections, labels, results
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.entries import NAMES, Entry, Label, entry, renamed
from samplemind_daemon.store.prepared import Given, Prepared, among
from samplemind_daemon.store.tables import Audios, Catalogue, Contents

STEP = 200  # sounds at a time
_COLUMNS = tuple(field for field in Catalogue._meta.sorted_fields if field.name not in ("sound", "audio"))


def refresh(db: Database, audios: Sequence[str], found: Sequence[Result] = ()) -> None:
    """Enter these sounds anew, from their results, corrections and names as they are now; those that are gone leave.

    What was found just now in all of them, and is kept, need not be read.
    """
    for start in range(0, len(audios), STEP):
        some = list(dict.fromkeys(audios[start : start + STEP]))
        entries = wanted(db, some, found)
        forget(db, [id for id in some if id not in entries])
        if entries:
            _enter(db, entries)


def hear(db: Database, sha256: str, found: Sequence[Result] = ()) -> None:
    """Enter all sounds with this content anew: it was heard, and this is what was found just now and is kept."""
    refresh(db, [row.id for row in _WITH_CONTENT.rows(db, sha256=sha256)], found)


def rename(db: Database, audio: str, name: str) -> None:
    """Enter the name of a sound, of which nothing else has changed."""
    for row in _ENTERED.rows(db, audios=[audio]):
        known = labels.of(db, [row.sound])
        folded, wanted = renamed(name, known[row.sound].values())
        _RENAME.run(db, sound=row.sound, name=folded)
        labels.put(db, row.user, {row.sound: wanted}, known)


def move(db: Database, audio: str, state: State) -> None:
    """Enter the state of a sound, of which nothing else has changed."""
    _MOVE.run(db, audio=audio, state=state)


def forget(db: Database, audios: Collection[str]) -> None:
    """Take sounds out."""
    sounds = [row.sound for row in _ENTERED.rows(db, audios=list(audios))] if audios else []
    if sounds:
        labels.drop(db, sounds)
        _FORGET.run(db, sounds=sounds)


def missing(db: Database, after: str = "") -> list[str]:
    """Up to STEP sounds that are not entered, those of an earlier SampleMind, in the order of their ids from one on."""
    query = Audios.select(Audios.id).join(Catalogue, JOIN.LEFT_OUTER, on=(Catalogue.audio == Audios.id))
    later = query.where((Audios.id > after) & Catalogue.sound.is_null()).order_by(Audios.id)
    return [id for (id,) in later.limit(STEP).tuples().execute(db)]


def wanted(db: Database, audios: Sequence[str], found: Sequence[Result] = ()) -> dict[str, Entry]:
    """What the catalogue shall say of up to STEP sounds, those that there are; `found` is of all of them, and kept."""
    rows = _KNOWN.rows(db, audios=list(audios))
    said = corrections.of_many(db, [row.id for row in rows])
    heard = _heard(db, {row.sha256 for row in rows}, needed(NAMES) if said else NAMES, found)
    entries = {}
    for row in rows:
        media = Media(**json.loads(row.media)) if row.media else None
        known = corrected(heard.get(row.sha256, ()), said.get(row.id, ()), media.seconds if media else 0.0)
        about = entry(row.name, media, {one.name: one for result in known for one in result.descriptors})
        kept = {column: getattr(row, column) for column in _KEPT}
        entries[row.id] = Entry(kept | about.columns, about.labels)
    return entries


def kept(db: Database, audios: Sequence[str]) -> dict[str, Entry]:
    """What the catalogue says of up to STEP sounds, those that are entered."""
    rows = _ENTERED.rows(db, audios=list(audios))
    known = labels.of(db, [row.sound for row in rows])
    return {row.audio: Entry(_columns(row), frozenset(known[row.sound].values())) for row in rows}


def _heard(
    db: Database, sha256s: Collection[str], names: Collection[str], found: Sequence[Result]
) -> dict[str, Sequence[Result]]:
    """The results that bear these names, by content."""
    told = {one.analyzer for one in found}
    left = [name for name in names if name.partition(".")[0] not in told]
    heard = results.of_many(db, list(sha256s), left) if left else {}
    return {sha256: (*found, *heard.get(sha256, ())) for sha256 in sha256s}


def _enter(db: Database, entries: Mapping[str, Entry]) -> None:
    before = {row.audio: row for row in _ENTERED.rows(db, audios=list(entries))}
    for audio, one in entries.items():
        if audio not in before or _columns(before[audio]) != one.columns:
            _ENTER.run(db, audio=audio, **one.columns)
    if len(before) < len(entries):
        before = {row.audio: row for row in _ENTERED.rows(db, audios=list(entries))}
    known = labels.of(db, [row.sound for row in before.values()])
    by_user: dict[str, dict[int, frozenset[Label]]] = {}
    for audio, one in entries.items():
        by_user.setdefault(one.columns["user"], {})[before[audio].sound] = one.labels
    for user, some in by_user.items():
        labels.put(db, user, some, known)


def _columns(row: Any) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in _COLUMNS}


_KEPT = ("user", "created_at", "folder", "state", "size")  # as they stand beside the sound itself
_WITH_CONTENT = Prepared(Audios.select(Audios.id).where(Audios.sha256 == Given("sha256")))
_KNOWN = Prepared(
    Audios.select(
        Audios.id, Audios.sha256, Audios.name, *(getattr(Audios, name) for name in _KEPT), Contents.media
    )
    .join(Contents, JOIN.LEFT_OUTER, on=(Contents.sha256 == Audios.sha256))
    .where(among(Audios.id, "audios"))
)
_ENTERED = Prepared(Catalogue.select().where(among(Catalogue.audio, "audios")))
_ENTER = Prepared(
    Catalogue.insert(audio=Given("audio"), **{one.name: Given(one.name) for one in _COLUMNS}).on_conflict(
        conflict_target=(Catalogue.audio,), preserve=_COLUMNS
    )
)
_RENAME = Prepared(Catalogue.update(name=Given("name")).where(Catalogue.sound == Given("sound")))
_MOVE = Prepared(Catalogue.update(state=Given("state")).where(Catalogue.audio == Given("audio")))
_FORGET = Prepared(Catalogue.delete().where(among(Catalogue.sound, "sounds")))
