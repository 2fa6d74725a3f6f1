"""What happened, user by user, numbered without a gap by the user's own counter."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from peewee import fn

from samplemind_daemon.model import Audio, Event, Job, Problem
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.prepared import Given, Prepared
from samplemind_daemon.store.tables import Events, Users

_NOTHING = {"audio": "", "job": "", "folder": "", "name": "", "reason": "", "message": ""}
_LAST = Prepared(Users.select(Users.event_sequence).where(Users.id == Given("user")))
_COUNT_ON = Prepared(
    Users.update(event_sequence=Users.event_sequence + Given("many")).where(Users.id == Given("user"))
)
_ADD = Prepared(
    Events.insert(**{name: Given(name) for name in ("user", "sequence", "at", "kind", *_NOTHING)})
)


def record(
    db: Database,
    user: str,
    kind: str,
    audio: Audio | None = None,
    job: Job | None = None,
    folder: str = "",
    name: str = "",
    problem: Problem | None = None,
) -> None:
    """Add an event to the running transaction: it happened exactly if the transaction did."""
    note = {
        "kind": kind,
        "audio": audio.id if audio else "",
        "job": job.id if job else "",
        "folder": folder or (audio.folder or "" if audio else ""),
        "name": name or (audio.name if audio else ""),
        "reason": problem.reason if problem else "",
        "message": problem.message if problem else "",
    }
    record_many(db, user, [note])


def record_many(db: Database, user: str, notes: Sequence[Mapping[str, str]]) -> None:
    """Add events to the running transaction in this order; a note has the columns of its event by name."""
    _COUNT_ON.run(db, user=user, many=len(notes))
    last, at = _LAST.rows(db, user=user)[0].event_sequence, now()
    for sequence, note in enumerate(notes, last - len(notes) + 1):
        _ADD.run(db, user=user, sequence=sequence, at=at, **{**_NOTHING, **note})
    db.touched.add(user)


def bounds(db: Database, user: str) -> tuple[int, int]:
    """The first event that is kept and the last one there was; (last + 1, last) if none is kept."""
    last = Users.select(Users.event_sequence).where(Users.id == user).scalar(db) or 0
    first = Events.select(fn.MIN(Events.sequence)).where(Events.user == user).scalar(db)
    return first or last + 1, last


def after(
    db: Database, user: str, sequence: int, kinds: Collection[str] = (), limit: int = 200
) -> tuple[list[Event], int]:
    """Up to `limit` events after `sequence`, oldest first, and how far they reach.

    A kind that ends in a dot, such as "audio.", stands for all that begin with it. Events of other
    kinds are passed over, and the number answered counts them.
    """
    mine = (Events.user == user) & (Events.sequence > sequence)
    if kinds:
        mine &= reduce(or_, [_is_of(kind) for kind in kinds])
    found = [
        _event(row) for row in Events.select().where(mine).order_by(Events.sequence).limit(limit).execute(db)
    ]
    if len(found) == limit:
        return found, found[-1].sequence
    last = Users.select(Users.event_sequence).where(Users.id == user).scalar(db) or 0
    return found, max(sequence, last)


def forget(db: Database, before: datetime, limit: int = 10_000) -> int:
    """Drop up to `limit` events that are older, and that follow no younger one of their user; how many it were.

    So what is kept has no gap even if the clock was set back meanwhile.
    """
    old = Events.select(Events.user, Events.sequence).where(Events.at < before).limit(limit).tuples()
    found = list(old.execute(db))
    kept = {user: _first_since(db, user, before) for user in {user for user, _ in found}}
    gone = [(user, sequence) for user, sequence in found if kept[user] is None or sequence < kept[user]]
    for user, sequence in gone:
        Events.delete().where((Events.user == user) & (Events.sequence == sequence)).execute(db)
    return len(gone)


def _first_since(db: Database, user: str, moment: datetime) -> int | None:
    """The number of the user's first event that is not older."""
    young = (Events.user == user) & (Events.at >= moment)
    first = Events.select(Events.sequence).where(young).order_by(Events.sequence).limit(1).scalar(db)
    return None if first is None else int(first)


def _is_of(kind: str):  # type: ignore[no-untyped-def]
    return Events.kind.startswith(kind) if kind.endswith(".") else Events.kind == kind


def _event(row: Events) -> Event:
    problem = Problem(row.reason, row.message) if row.reason else None
    return Event(row.user, row.sequence, row.kind, row.at, row.audio, row.job, row.folder, row.name, problem)
