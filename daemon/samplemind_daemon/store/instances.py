"""The daemons on this database, each of which says every few seconds that it is there."""

from datetime import datetime, timedelta
from typing import Any

from samplemind_daemon.model import Instance
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import Instances

ALIVE = timedelta(seconds=30)  # since it was seen last


def arrive(db: Database, mine: Instance, moment: datetime) -> tuple[list[Instance], bool]:
    """Say that this one is there from now on; the others that are there, and whether it has never been before."""
    is_new = not Instances.select().where(Instances.id == mine.id).exists(db)
    Instances.delete().where(Instances.id == mine.id).execute(db)
    Instances.insert(**vars(mine), seen_at=moment).execute(db)
    return others(db, mine.id, moment), is_new


def stay(db: Database, id: str, moment: datetime) -> None:
    """Say that it is still there."""
    Instances.update(seen_at=moment).where(Instances.id == id).execute(db)


def leave(db: Database, id: str) -> None:
    """Say that it has ended well."""
    Instances.update(seen_at=None).where(Instances.id == id).execute(db)


def others(db: Database, id: str, moment: datetime) -> list[Instance]:
    """The other daemons that are there, the one that is there longest first."""
    there = (Instances.id != id) & (Instances.seen_at > moment - ALIVE)
    return [
        _instance(row) for row in Instances.select().where(there).order_by(Instances.started_at).execute(db)
    ]


def _instance(row: Any) -> Instance:
    return Instance(row.id, row.host, row.signing, row.engine, row.blobs, row.started_at)
