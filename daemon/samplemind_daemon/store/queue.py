"""The queue as a whole, for those who look after it."""

from peewee import fn

from samplemind_daemon.model import Lane, State
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.tables import Jobs


def standing(db: Database) -> dict[Lane, tuple[int, float]]:
    """How many jobs of all users wait in each lane, and for how many seconds the oldest one that is due does."""
    moment, found = now(), {}
    for lane in Lane:
        waiting = Jobs.select().where((Jobs.state == State.QUEUED) & (Jobs.lane == lane))
        oldest = waiting.select(fn.MIN(Jobs.not_before)).scalar(db)  # an index has it: when each may begin
        seconds = max(0.0, (moment - oldest).total_seconds()) if oldest else 0.0
        found[lane] = waiting.count(db), seconds
    return found
