"""Places that users have signed in from: kept as keyed digests, a while, and a few a user."""

from datetime import datetime, timedelta

from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import Familiars

LIFE = timedelta(days=90)
MOST = 50  # a user; the one not seen for longest gives way


def note(db: Database, user: str, place: str, moment: datetime) -> None:
    """Remember that the user signed in from this place."""
    Familiars.put(user=user, place=place, seen_at=moment).execute(db)
    oldest = (
        Familiars.select(Familiars.place)
        .where(Familiars.user == user)
        .order_by(Familiars.seen_at.desc())
        .offset(MOST)
    )
    gone = [old for (old,) in oldest.tuples().execute(db)]
    Familiars.delete().where((Familiars.user == user) & Familiars.place.in_(gone)).execute(db)


def knows(db: Database, user: str, place: str, moment: datetime) -> bool:
    """Whether the user signed in from this place lately."""
    here = (Familiars.user == user) & (Familiars.place == place) & (Familiars.seen_at > moment - LIFE)
    return bool(Familiars.select().where(here).exists(db))
