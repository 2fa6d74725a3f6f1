"""I4 and I5: everything was done once, and what happened is told in full and in order."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

from peewee import JOIN, fn

from samplemind_daemon.model import State
from samplemind_daemon.store import events, sounds, vectors
from samplemind_daemon.store.check.fault import Fault
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.tables import Audios, Contents, Events, Results, Users, Vectors

LOST = "events.lost"  # stands where an event was that nobody knows any more
_STATES = {f"audio.{state}": str(state) for state in State}


class _Told(NamedTuple):
    """What one user was told."""

    gaps: list[tuple[int, int]]  # the first number and the last of each
    last: int
    completed: Counter[str]  # by job
    states: dict[str, str]  # the last of each sound


def faults(db: Database) -> Iterator[Fault]:
    """Results that are doubled or belong to nothing, jobs done twice, and holes in what was told."""
    return chain(_doubled(db), _unowned(db), *(_of_user(db, *user) for user in _users(db)))


def _doubled(db: Database) -> Iterator[Fault]:
    query = Results.select(Results.sha256, Results.analyzer).group_by(Results.sha256, Results.analyzer)
    for sha256, analyzer in query.having(fn.COUNT(Results.version) > 1).tuples().execute(db):
        yield Fault("I4", f"content {sha256}", f"it has more than one result of {analyzer}")


def _unowned(db: Database) -> Iterator[Fault]:
    query = Results.select(Results.sha256, Results.analyzer).join(
        Contents, JOIN.LEFT_OUTER, on=(Contents.sha256 == Results.sha256)
    )
    for sha256, analyzer in query.where(Contents.sha256.is_null()).tuples().execute(db):
        problem = f"it is of {sha256}, which is not known"
        yield Fault("I4", f"result of {analyzer}", problem, partial(_drop, sha256, analyzer))
    unknown = Vectors.select(Vectors.sha256).join(
        Contents, JOIN.LEFT_OUTER, on=(Contents.sha256 == Vectors.sha256)
    )
    for (sha256,) in unknown.where(Contents.sha256.is_null()).tuples().execute(db):
        yield Fault("I4", f"vector of {sha256}", "its content is not known", partial(_drop_vector, sha256))


def _drop(sha256: str, analyzer: str, db: Database) -> str:
    Results.delete().where((Results.sha256 == sha256) & (Results.analyzer == analyzer)).execute(db)
    return "it is forgotten; it can be found again"


def _drop_vector(sha256: str, db: Database) -> str:
    vectors.drop(db, sha256)
    return "it is forgotten; it can be found again"


def _users(db: Database) -> list[tuple[str, int]]:
    return list(Users.select(Users.id, Users.event_sequence).tuples().execute(db))


def _of_user(db: Database, user: str, counted: int) -> Iterator[Fault]:
    told = _read(db, user)
    for job, times in told.completed.items():
        if times > 1:
            yield Fault("I4", f"job {job}", f"it was completed {times} times")
    for first, last in told.gaps:
        yield Fault(
            "I5", f"events of user {user}", f"{_span(first, last)} missing", partial(_fill, user, first, last)
        )
    if told.last and told.last < counted:
        first, last = told.last + 1, counted
        yield Fault(
            "I5", f"events of user {user}", f"{_span(first, last)} missing", partial(_fill, user, first, last)
        )
    if told.last > counted:
        problem = f"they reach {told.last}, and {counted} were counted"
        yield Fault("I5", f"events of user {user}", problem, partial(_count, user, told.last))
    yield from _untold(db, user, told.states)


def _read(db: Database, user: str) -> _Told:
    gaps, last, completed, states = [], 0, Counter[str](), {}
    query = Events.select(Events.sequence, Events.kind, Events.audio, Events.job)
    for sequence, kind, audio, job in (
        query.where(Events.user == user).order_by(Events.sequence).tuples().execute(db)
    ):
        if last and sequence != last + 1:
            gaps.append((last + 1, sequence - 1))
        last = sequence
        completed[job] += bool(job) and kind == "audio.completed"
        if kind in _STATES:
            states[audio] = _STATES[kind]
    return _Told(gaps, last, completed, states)


def _span(first: int, last: int) -> str:
    return f"number {first} is" if first == last else f"numbers {first} to {last} are"


def _fill(user: str, first: int, last: int, db: Database) -> str:
    """Nobody is to take a hole for quiet: whoever reads on is told that something is not known any more."""
    at = now()
    for sequence in range(first, last + 1):
        Events.insert(user=user, sequence=sequence, kind=LOST, at=at).execute(db)
    return f"an event {LOST} says so in its place"


def _count(user: str, last: int, db: Database) -> str:
    Users.update(event_sequence=last).where(Users.id == user).execute(db)
    return f"the next one is {last + 1}"


def _untold(db: Database, user: str, states: dict[str, str]) -> Iterator[Fault]:
    """Sounds that changed without a word."""
    for id, state in Audios.select(Audios.id, Audios.state).where(Audios.user == user).tuples().execute(db):
        if states.get(id, state) != state:
            problem = f"it is {state}, and the last that was told of it is {states[id]}"
            yield Fault("I5", f"sound {id}", problem, partial(_tell, user, id))


def _tell(user: str, id: str, db: Database) -> str:
    audio = sounds.find(db, user, id)
    assert audio is not None
    events.record(db, user, f"audio.{audio.state}", audio, problem=audio.problem)
    return "it is told now"
