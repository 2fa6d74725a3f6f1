"""The queue as a whole: which jobs are next, which are at work, and how it stands."""

from collections.abc import Collection
from datetime import datetime
from functools import cache

from peewee import Expression, fn

from samplemind_daemon.model import Lane, State
from samplemind_daemon.store import turns
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.prepared import Given, Prepared
from samplemind_daemon.store.tables import Jobs


def due(db: Database, lane: Lane, moment: datetime, most: int) -> list[str]:
    """The first jobs of a lane that could be begun now, in the order of their turns."""
    query = Jobs.select(Jobs.id).where(turns.due(lane, moment) & _is_free())
    found = query.order_by(Jobs.turn, Jobs.not_before).limit(most).tuples().execute(db)
    return [str(id) for (id,) in found]


def is_due(db: Database, id: str, moment: datetime) -> bool:
    """Whether this very job could be begun now."""
    return _this_if_due().row(db, id=id, moment=moment) is not None


def at_work(db: Database, tokens: Collection[str]) -> set[str]:
    """Which of these tokens still give the right to a job."""
    held = (Jobs.state == State.PROCESSING) & Jobs.lease.in_(list(tokens))
    return {token for (token,) in Jobs.select(Jobs.lease).where(held).tuples().execute(db)}


def standing(db: Database) -> dict[Lane, tuple[int, float]]:
    """How many jobs of all users wait in each lane, and for how many seconds the oldest one that is due does."""
    moment, found = now(), {}
    for lane in Lane:
        waiting = Jobs.select().where((Jobs.state == State.QUEUED) & (Jobs.lane == lane))
        oldest = waiting.select(fn.MIN(Jobs.not_before)).scalar(db)  # an index has it: when each may begin
        seconds = max(0.0, (moment - oldest).total_seconds()) if oldest else 0.0
        found[lane] = waiting.count(db), seconds
    return found


@cache
def _this_if_due() -> Prepared:
    this = (Jobs.id == Given("id")) & (Jobs.state == State.QUEUED) & (Jobs.not_before <= Given("moment"))
    return Prepared(Jobs.select(Jobs.id).where(this & _is_free()))


def _is_free() -> Expression:
    """The condition for jobs whose content nobody hears already."""
    return Jobs.sha256.not_in(Jobs.select(Jobs.sha256).where(Jobs.state == State.PROCESSING))
