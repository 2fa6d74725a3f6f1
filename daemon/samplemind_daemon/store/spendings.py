"""What was spent of limits lately, by purse and piece of time."""

from collections.abc import Sequence
from datetime import datetime

from peewee import EXCLUDED

from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import Spendings

Spending = tuple[str, int, int]  # purse, slot, spent
STEP = 200  # rows in one statement


def add(
    db: Database, spendings: Sequence[tuple[str, int, int, datetime]], moment: datetime
) -> list[Spending]:
    """Add to what was spent of purses in slots, until a moment; all that still counts of these purses then."""
    fields = [Spendings.purse, Spendings.slot, Spendings.spent, Spendings.expires_at]
    found: list[Spending] = []
    for start in range(0, len(spendings), STEP):
        rows = spendings[start : start + STEP]
        Spendings.insert_many(rows, fields=fields).on_conflict(
            conflict_target=[Spendings.purse, Spendings.slot],
            update={Spendings.spent: Spendings.spent + EXCLUDED.spent},
        ).execute(db)
        theirs = Spendings.purse.in_(sorted({purse for purse, *_ in rows})) & (Spendings.expires_at > moment)
        found += Spendings.select(*fields[:3]).where(theirs).tuples().execute(db)
    return found


def load(db: Database, moment: datetime, limit: int) -> list[Spending]:
    """What still counts, up to `limit` rows, those that count longest."""
    columns = Spendings.purse, Spendings.slot, Spendings.spent
    lasting = Spendings.select(*columns).where(Spendings.expires_at > moment)
    return list(lasting.order_by(Spendings.expires_at.desc()).limit(limit).tuples().execute(db))


def forget(db: Database, moment: datetime, limit: int = 1_000) -> int:
    """Drop up to `limit` rows that count no more; how many it were."""
    old = Spendings.select(Spendings.purse, Spendings.slot).where(Spendings.expires_at <= moment).limit(limit)
    gone = list(old.tuples().execute(db))
    for purse, slot in gone:
        Spendings.delete().where((Spendings.purse == purse) & (Spendings.slot == slot)).execute(db)
    return len(gone)
