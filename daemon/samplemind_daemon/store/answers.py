"""Answers to mutating requests, kept a day: the same request again gets the same answer."""

from datetime import timedelta

from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.tables import Answers

LIFE = timedelta(days=1)


def find(db: Database, user: str, request: str) -> tuple[str, bytes] | None:
    """The method and the answer of an earlier request."""
    row = Answers.select().where((Answers.user == user) & (Answers.request == request)).first(db)
    return (row.method, bytes(row.answer)) if row else None


def keep(db: Database, user: str, request: str, method: str, answer: bytes) -> None:
    """Remember an answer; the first one stands."""
    Answers.insert(
        user=user, request=request, method=method, answer=answer, at=now()
    ).on_conflict_ignore().execute(db)


def forget(db: Database, limit: int = 1_000) -> int:
    """Drop up to `limit` answers that are older than a day; how many it were."""
    old = Answers.select(Answers.user, Answers.request).where(Answers.at < now() - LIFE).limit(limit)
    gone = list(old.tuples().execute(db))
    for user, request in gone:
        Answers.delete().where((Answers.user == user) & (Answers.request == request)).execute(db)
    return len(gone)
