"""What was spent of limits lately, by purse and piece of time."""

from collections.abc import Iterable
from datetime import datetime

from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import Spendings

Spending = tuple[str, int, int, datetime]  # purse, slot, spent, expires at
STEP = 200  # rows in one statement


def put(db: Database, spendings: Iterable[Spending]) -> None:
    """Write down how much was spent in all; what was written before gives way."""
    rows = list(spendings)
    for start in range(0, len(rows), STEP):
        Spendings.replace_many(
            rows[start : start + STEP],
            fields=[Spendings.purse, Spendings.slot, Spendings.spent, Spendings.expires_at],
        ).execute(db)


def load(db: Database, moment: datetime, limit: int) -> list[Spending]:
    """What still counts, up to `limit` rows, those that count longest."""
    columns = Spendings.purse, Spendings.slot, Spendings.spent, Spendings.expires_at
    lasting = Spendings.select(*columns).where(Spendings.expires_at > moment)
    return list(lasting.order_by(Spendings.expires_at.desc()).limit(limit).tuples().execute(db))


def forget(db: Database, moment: datetime, limit: int = 1_000) -> int:
    """Drop up to `limit` rows that count no more; how many it were."""
    old = Spendings.select(Spendings.purse, Spendings.slot).where(Spendings.expires_at <= moment).limit(limit)
    gone = list(old.tuples().execute(db))
    for purse, slot in gone:
        Spendings.delete().where((Spendings.purse == purse) & (Spendings.slot == slot)).execute(db)
    return len(gone)
