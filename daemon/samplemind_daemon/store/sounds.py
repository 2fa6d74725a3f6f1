"""Sounds: a user's uploads and the files of the user's watch folders."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from peewee import Value, fn

from samplemind_daemon.failpoint import reach
from samplemind_daemon.model import Audio, Media, Place, Problem, State
from samplemind_daemon.store import catalogue, corrections, events, forgotten, identities, vectors
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.prepared import Given, Prepared
from samplemind_daemon.store.tables import Audios, Contents, Jobs, Results, Uploads

ORDERS = {
    "created_at": Audios.created_at,
    "name": Audios.name,
    "size_bytes": Audios.size,
    "state_at": Audios.state_at,
}
FIELDS = {"state": Audios.state, "name": Audios.name, "folder_id": Audios.folder, "sha256": Audios.sha256}


@dataclass(frozen=True)
class Clause:
    """A condition on a sound: `field` is one of FIELDS, `holds` means contains instead of equals."""

    field: str
    value: str
    holds: bool = False


@dataclass(frozen=True)
class Listing:
    """Which sounds, in which order, and after which one (its order value and id)."""

    clauses: tuple[Clause, ...] = ()
    order: str = "created_at"
    descending: bool = True
    after: tuple[Any, str] | None = None


def find(db: Database, user: str, id: str) -> Audio | None:
    """The user's sound, if there is such a one."""
    row = _with_id().row(db, id=id)
    return _audio(row) if row and row.user == user else None


def find_content(db: Database, user: str, sha256: str) -> Audio | None:
    """A sound of the user with this content: the oldest one that is not missing, if there is such a one."""
    row = _with_content().row(db, user=user, sha256=sha256)
    return _audio(row) if row else None


def find_many(db: Database, user: str, ids: Sequence[str]) -> dict[str, Audio]:
    """The user's sounds among these ids."""
    found: dict[str, Audio] = {}
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        rows = _joined().where(Audios.id.in_(some)).execute(db)  # with the user, SQLite would read all of his
        found |= {row.id: _audio(row) for row in rows if row.user == user}
    return found


def page(db: Database, user: str, listing: Listing, limit: int) -> list[Audio]:
    """Up to `limit` sounds of the listing."""
    if listing.clauses:
        query = _listed(_matches(user, listing.clauses), listing.order, listing.descending, listing.after)
        return [_audio(row) for row in query.limit(limit).execute(db)]
    value, id = listing.after or (None, None)
    everything = _everything(listing.order, listing.descending, listing.after is not None)
    return [_audio(row) for row in everything.rows(db, user=user, value=value, id=id, limit=limit)]


def position(audio: Audio, order: str) -> tuple[Any, str]:
    """Where a sound stands in a listing: what `Listing.after` takes."""
    value = {
        "created_at": audio.created_at,
        "name": audio.name,
        "size_bytes": audio.size,
        "state_at": audio.state_at,
    }[order]
    return ORDERS[order].db_value(value), audio.id


def count(db: Database, user: str, clauses: tuple[Clause, ...] = ()) -> int:
    """How many sounds match."""
    if clauses:
        return int(Audios.select().where(_matches(user, clauses)).count(db))
    return int(_many().rows(db, user=user)[0].many)


def sent(db: Database, user: str) -> tuple[int, int]:
    """How many sounds the user has sent that are kept here, and how many bytes they are; open uploads count too."""
    kept = (Audios.user == user) & Audios.folder.is_null()
    coming = (Uploads.user == user) & Uploads.audio.is_null()
    counted = [
        Audios.select(fn.COUNT(Audios.id), fn.SUM(Audios.size)).where(kept),
        Uploads.select(fn.COUNT(Uploads.id), fn.SUM(Uploads.size)).where(coming),
    ]
    rows = [query.tuples().execute(db)[0] for query in counted]
    return sum(count for count, _ in rows), sum(size or 0 for _, size in rows)


def count_states(db: Database, user: str) -> dict[str, int]:
    """How many of the user's sounds are in each state."""
    query = Audios.select(Audios.state, fn.COUNT(Audios.id)).where(Audios.user == user)
    return dict(query.group_by(Audios.state).tuples().execute(db))


def add(
    db: Database,
    user: str,
    id: str,
    name: str,
    size: int,
    sha256: str,
    folder: str | None = None,
    place: Place | None = None,
) -> Audio:
    """Keep a new sound, in state uploaded, with its event."""
    moment = now()
    introduce(db, sha256, size)
    Audios.insert(
        id=id, user=user, name=name, state=State.UPLOADED, state_at=moment, size=size, sha256=sha256,
        folder=folder, created_at=moment, **_where(place),
    ).execute(db)  # fmt: skip
    catalogue.refresh(db, [id])
    audio = _audio(_with_id().row(db, id=id))
    events.record(db, user, "audio.added", audio)
    return audio


def rename(db: Database, user: str, id: str, name: str) -> Audio | None:
    """Give a sound another name."""
    if _renamed().run(db, user=user, id=id, name=name):
        catalogue.rename(db, id, name)
        audio = _audio(_with_id().row(db, id=id))
        events.record(db, user, "audio.renamed", audio)
        return audio
    return None


def move(db: Database, audio: Audio, state: State, problem: Problem | None = None) -> Audio:
    """Put a sound into another state."""
    moved = {"state": state, "state_at": now()}
    why = {"reason": problem.reason if problem else "", "message": problem.message if problem else ""}
    _moved().run(db, id=audio.id, **moved, **why)
    catalogue.move(db, audio.id, state)
    return _audio(_with_id().row(db, id=audio.id))


def remove(db: Database, user: str, id: str) -> str | None:
    """Forget a sound, its jobs and what its user says of it; results too when no other sound has that content.

    Its file in a watch folder is passed over from now on, until it changes.

    The content's digest if nobody has it any more, so that its blob may go; None otherwise.
    """
    audio = find(db, user, id)
    if audio is None:
        return None
    forgotten.note(db, id)
    Audios.delete().where(Audios.id == id).execute(db)
    Jobs.delete().where(Jobs.audio == id).execute(db)
    corrections.forget(db, id)
    catalogue.forget(db, [id])
    events.record(db, user, "audio.deleted", audio)
    reach("sound.removed")
    return release(db, audio.sha256)


def introduce(db: Database, sha256: str, size: int) -> None:
    """Make a content known, for a sound to have."""
    Contents.insert(sha256=sha256, size=size, created_at=now()).on_conflict_ignore().execute(db)


def release(db: Database, sha256: str) -> str | None:
    """Forget a content and its results if no sound has it any more: its digest if so, None otherwise."""
    if Audios.select().where(Audios.sha256 == sha256).exists(db):
        return None
    Results.delete().where(Results.sha256 == sha256).execute(db)
    vectors.drop(db, sha256)
    identities.drop(db, sha256)
    Contents.delete().where(Contents.sha256 == sha256).execute(db)
    return sha256


def describe(db: Database, sha256: str, media: Media) -> None:
    """Keep what decoding found out about a content."""
    Contents.update(media=json.dumps(asdict(media))).where(Contents.sha256 == sha256).execute(db)


def digests(db: Database, sha256s: Iterable[str]) -> set[str]:
    """Which of these contents belong to somebody."""
    asked = list(sha256s)
    known: set[str] = set()
    for start in range(0, len(asked), 500):
        query = Contents.select(Contents.sha256).where(Contents.sha256.in_(asked[start : start + 500]))
        known |= {sha for (sha,) in query.tuples().execute(db)}
    return known


def _joined():
    """Sounds, each with the `media` of its content."""
    return Audios.select(Audios, Contents.media.alias("media")).join(
        Contents, on=(Contents.sha256 == Audios.sha256)
    ).objects()  # fmt: skip


@cache
def _with_id() -> Prepared:
    return Prepared(_joined().where(Audios.id == Given("id")))


@cache
def _with_content() -> Prepared:
    mine = (Audios.user == Given("user")) & (Audios.sha256 == Given("sha256"))
    ordered = _joined().where(mine).order_by(Audios.missing_at.is_null(False), Audios.created_at)
    return Prepared(ordered.limit(1))


@cache
def _renamed() -> Prepared:
    mine = (Audios.id == Given("id")) & (Audios.user == Given("user"))
    return Prepared(Audios.update(name=Given("name")).where(mine))


@cache
def _moved() -> Prepared:
    changed = {name: Given(name) for name in ("state", "state_at", "reason", "message")}
    return Prepared(Audios.update(**changed).where(Audios.id == Given("id")))


@cache
def _many() -> Prepared:
    return Prepared(Audios.select(fn.COUNT(Audios.id).alias("many")).where(Audios.user == Given("user")))


@cache
def _everything(order: str, descending: bool, is_further: bool) -> Prepared:
    """A page of all that a user has."""
    after = (Given("value"), Given("id")) if is_further else None
    return Prepared(_listed(Audios.user == Given("user"), order, descending, after).limit(Given("limit")))


def _listed(wanted, order: str, descending: bool, after: tuple[Any, Any] | None):  # type: ignore[no-untyped-def]
    """Sounds in their order, from the one after `after` on."""
    column, query = ORDERS[order], _joined().where(wanted)
    if after is not None:
        value, id = Value(after[0], converter=False), after[1]  # it is as the database keeps it
        here = column <= value if descending else column >= value  # where the index is entered
        further = column < value if descending else column > value
        later = Audios.id < id if descending else Audios.id > id
        query = query.where(here & (further | later))
    return query.order_by(*(column.desc(), Audios.id.desc()) if descending else (column, Audios.id))


def _matches(user: str, clauses: tuple[Clause, ...]):  # type: ignore[no-untyped-def]
    wanted = Audios.user == user
    for clause in clauses:
        column = FIELDS[clause.field]
        wanted &= column.contains(clause.value) if clause.holds else column == clause.value
    return wanted


def _where(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {}
    return {"path": place.path, "mtime_ns": place.mtime_ns, "device": place.device, "inode": place.inode}


def _audio(row: Any) -> Audio:
    media = json.loads(row.media) if row.media else None
    if media:
        media["warnings"] = tuple(media["warnings"])
    return Audio(
        id=row.id,
        user=row.user,
        name=row.name,
        state=State(row.state),
        state_at=row.state_at,
        problem=Problem(row.reason, row.message) if row.reason else None,
        size=row.size,
        sha256=row.sha256,
        media=Media(**media) if media else None,
        folder=row.folder,
        path=None if row.path is None else bytes(row.path),
        missing_at=row.missing_at,
        created_at=row.created_at,
    )
