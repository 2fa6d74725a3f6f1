"""Turns: whoever has few jobs waiting stands beside whoever has very many, not behind.

Each waiting job of a user has the turn after the user's one before, from the turn on that its lane has come to; and
the lowest turn is taken first. So users take turns, one job each, without a look at who there is: fair queueing by
start tags (Goyal, Vin and Cheng, 1996), with every job of the same length.
"""

from datetime import datetime
from functools import cache

from peewee import Expression, Value

from samplemind_daemon.model import Lane, State
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.prepared import Given, Prepared
from samplemind_daemon.store.tables import Jobs


def due(lane: Lane, moment: datetime | Given) -> Expression:
    """The condition for jobs of a lane that wait for nothing but their turn."""
    # As a difference it is nothing that an index could be entered by: that is to be the one that sorts by turns.
    is_due = (Jobs.not_before - moment) <= Value(0, converter=False)
    return (Jobs.state == State.QUEUED) & (Jobs.lane == lane) & is_due


def current(db: Database, lane: Lane) -> int:
    """The turn that a lane has come to: the lowest one that is due, or 0."""
    first = _first(lane).row(db, moment=now())
    return int(first.turn) if first else 0


def following(db: Database, user: str, lane: Lane) -> int:
    """The turn of the user's next job in a lane."""
    last = _last(lane).row(db, user=user)
    lowest = current(db, lane)
    return max(lowest, int(last.turn) + 1) if last else lowest


@cache
def _first(lane: Lane) -> Prepared:
    return Prepared(Jobs.select(Jobs.turn).where(due(lane, Given("moment"))).order_by(Jobs.turn).limit(1))


@cache
def _last(lane: Lane) -> Prepared:
    waiting = (Jobs.user == Given("user")) & (Jobs.state == State.QUEUED) & (Jobs.lane == lane)
    return Prepared(Jobs.select(Jobs.turn).where(waiting).order_by(Jobs.turn.desc()).limit(1))
