"""One-time sign-in codes, kept as hashes only."""

from datetime import datetime

from samplemind_daemon.model import User
from samplemind_daemon.store import users
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import OneTimeCodes


def put(db: Database, user: str, code: str, expires_at: datetime, beside: bool = False) -> None:
    """Let a user sign in with this code, once; the codes before it are void, unless it is to stand beside them."""
    if not beside:
        drop(db, user)
    OneTimeCodes.insert(hash=code, user=user, expires_at=expires_at).execute(db)


def use(db: Database, code: str, moment: datetime) -> User | None:
    """Spend a code: whose it was, if it was still good."""
    good = (OneTimeCodes.hash == code) & OneTimeCodes.used_at.is_null() & (OneTimeCodes.expires_at > moment)
    row = OneTimeCodes.select().where(good).first(db)
    if row is None:
        return None
    OneTimeCodes.update(used_at=moment).where(OneTimeCodes.hash == code).execute(db)
    return users.find(db, row.user)


def drop(db: Database, user: str) -> None:
    """Make the codes of a user void."""
    OneTimeCodes.delete().where(OneTimeCodes.user == user).execute(db)
