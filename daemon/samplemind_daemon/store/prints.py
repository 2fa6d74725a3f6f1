"""By which recipes the results of many sounds were made, without the results."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import fn

from samplemind_daemon.model import State
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import Audios, Contents, Results

Print = tuple[str, int, str]  # analyzer, version, fingerprint


@dataclass(frozen=True)
class Made:
    """A sound that was heard, and what its results were made by."""

    audio: str
    sha256: str
    seconds: float
    prints: tuple[Print, ...]


def of_many(db: Database, user: str, ids: Sequence[str]) -> list[Made]:
    """Those of up to 500 of the user's sounds that were heard to the end and are where they were, in this order."""
    heard = (Audios.user == user) & (Audios.state == State.COMPLETED) & Audios.missing_at.is_null()
    query = (
        Audios.select(Audios.id, Audios.sha256, fn.json_extract(Contents.media, "$.seconds"))
        .join(Contents, on=(Contents.sha256 == Audios.sha256))
        .where(heard & Audios.id.in_(list(ids)))
    )
    rows = {id: (sha256, float(seconds or 0)) for id, sha256, seconds in query.tuples().execute(db)}
    prints = _prints(db, [sha256 for sha256, _ in rows.values()])
    return [Made(id, *rows[id], prints.get(rows[id][0], ())) for id in ids if id in rows]


def _prints(db: Database, sha256s: Sequence[str]) -> dict[str, tuple[Print, ...]]:
    query = Results.select(Results.sha256, Results.analyzer, Results.version, Results.fingerprint)
    found: dict[str, Any] = {}
    for sha256, *print in query.where(Results.sha256.in_(list(sha256s))).tuples().execute(db):
        found.setdefault(sha256, []).append(tuple(print))
    return {sha256: tuple(sorted(many)) for sha256, many in found.items()}
