"""What sounds are compared by, content by content, and what of it changed for a user since it was last read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from samplemind_daemon.model import Audio, Profile, Result
from samplemind_daemon.store import corrections, events, profiles
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.prepared import Given, Prepared
from samplemind_daemon.store.tables import Audios, Contents, Events, Results, Vectors

COLUMNS = ("fingerprint", "edges", "numbers", "bands", "keys", "tuning", "bpm", "loudness", "kind")
MOST_CHANGES = 20_000  # sounds; past them all are read again
STEP = 500  # ids in one query


@dataclass(frozen=True)
class Mark:
    """How far a reader has read: the user's last event, and the last serial of all."""

    sequence: int = -1
    serial: int = -1


@dataclass(frozen=True, slots=True)
class Row:
    """A sound, and what it is compared by."""

    audio: str
    profile: Profile


@dataclass(frozen=True)
class Changes:
    """The sounds that must be read again; if it is `whole`, they are all that there are."""

    mark: Mark
    audios: list[str]
    whole: bool = False


def keep(db: Database, sha256: str, found: Iterable[Result]) -> None:
    """Keep what a content is compared by, as far as these results say it; the rest stays as it is known."""
    changed = profiles.columns(found)
    known = _OF.row(db, sha256=sha256)
    if changed or known is None:
        drop(db, sha256)
        kept = {name: getattr(known, name) for name in COLUMNS} if known else _NOTHING
        _KEEP.run(db, sha256=sha256, **kept | changed)


def knows(db: Database, sha256: str) -> bool:
    """Whether it is kept what a content is compared by."""
    return _OF.row(db, sha256=sha256) is not None


def missing(db: Database, limit: int) -> list[str]:
    """Up to `limit` contents that were heard, and of which nothing is kept: those of an earlier SampleMind."""
    query = (
        Contents.select(Contents.sha256)
        .join(Vectors, JOIN.LEFT_OUTER, on=(Vectors.sha256 == Contents.sha256))
        .where(
            Vectors.serial.is_null() & fn.EXISTS(Results.select().where(Results.sha256 == Contents.sha256))
        )
        .limit(limit)
    )
    return [sha256 for (sha256,) in query.tuples().execute(db)]


def drop(db: Database, sha256: str) -> None:
    """Forget what a content is compared by."""
    _DROP.run(db, sha256=sha256)


def find(db: Database, audio: Audio) -> Profile | None:
    """What a sound is compared by, if it was heard."""
    found = rows(db, audio.user, [audio.id]) if knows(db, audio.sha256) else []
    return found[0].profile if found else None


def since(db: Database, user: str, mark: Mark) -> Changes:
    """What may have changed among the user's sounds since the mark: all, where that is not kept any more."""
    first, last = events.bounds(db, user)
    now = Mark(last, max(mark.serial, Vectors.select(fn.MAX(Vectors.serial)).scalar(db) or 0))
    if now == mark:
        return Changes(now, [])
    touched = None if mark.sequence < first - 1 else _touched(db, user, mark)
    if touched is not None and len(touched) <= MOST_CHANGES:
        return Changes(now, touched)
    all_of_them = Audios.select(Audios.id).where(Audios.user == user)
    return Changes(now, [id for (id,) in all_of_them.tuples().execute(db)], whole=True)


def rows(db: Database, user: str, audios: Sequence[str]) -> list[Row]:
    """What those of the user's sounds are compared by that are there, corrected where their user corrected them."""
    said, found = corrections.of_many(db, audios), []
    for start in range(0, len(audios), STEP):
        query = (
            Audios.select(Audios.id, Audios.user, *_columns())
            .join(Vectors, JOIN.LEFT_OUTER, on=(Vectors.sha256 == Audios.sha256))
            .where(
                Audios.id.in_(audios[start : start + STEP])
            )  # and no user: SQLite would look through all of his
        )
        for id, owner, *known in query.tuples().execute(db):
            if owner == user:
                heard = profiles.profile(dict(zip(COLUMNS, known, strict=True)))
                found.append(Row(id, profiles.corrected(heard, said[id]) if id in said else heard))
    return found


def twins(db: Database, user: str, sha256: str) -> set[str]:
    """The user's sounds that have this content."""
    query = Audios.select(Audios.id).where((Audios.user == user) & (Audios.sha256 == sha256))
    return {id for (id,) in query.tuples().execute(db)}


def _touched(db: Database, user: str, mark: Mark) -> list[str]:
    """The sounds that something happened to, or whose content was heard again for whomever."""
    told = Events.select(Events.audio).where((Events.user == user) & (Events.sequence > mark.sequence))
    fresh = Vectors.select(Vectors.sha256).where(Vectors.serial > mark.serial)
    heard = Audios.select(Audios.id).where((Audios.user == user) & Audios.sha256.in_(fresh))
    return list({id for query in (told, heard) for (id,) in query.tuples().execute(db) if id})


def _columns() -> list[Any]:
    return [getattr(Vectors, name) for name in COLUMNS]


_NOTHING = {name: getattr(Vectors, name).default for name in COLUMNS}
_OF = Prepared(Vectors.select().where(Vectors.sha256 == Given("sha256")))
_KEEP = Prepared(Vectors.insert(sha256=Given("sha256"), **{name: Given(name) for name in COLUMNS}))
_DROP = Prepared(Vectors.delete().where(Vectors.sha256 == Given("sha256")))
