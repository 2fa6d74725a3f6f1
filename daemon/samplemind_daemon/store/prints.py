"""By which recipes the results of many sounds were made, without the results."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from samplemind_daemon.model import State
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.dialect import gathered, number_in
from samplemind_daemon.store.prepared import Given, Prepared, among
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
    rows = {row.id: row for row in _SOUNDS.rows(db, ids=list(ids), state=State.COMPLETED) if row.user == user}
    many = {row.sha256: row.prints for row in _PRINTS.rows(db, sha256s=[row.sha256 for row in rows.values()])}
    return [
        Made(id, row.sha256, float(row.seconds or 0), _read(many.get(row.sha256, "[]")))
        for id in ids
        if (row := rows.get(id)) is not None
    ]


@lru_cache(1_000)  # few, since most sounds were heard by the same recipe
def _read(kept: str) -> tuple[Print, ...]:
    return tuple(sorted((analyzer, version, print) for analyzer, version, print in json.loads(kept)))


_SOUNDS = Prepared(
    Audios.select(
        Audios.id, Audios.user, Audios.sha256, number_in(Contents.media, "seconds").alias("seconds")
    )
    .join(Contents, on=(Contents.sha256 == Audios.sha256))
    .where(among(Audios.id, "ids") & (Audios.state == Given("state")) & Audios.missing_at.is_null())
)  # with the user, SQLite would read all of his
_PRINT_OF_EACH = gathered(Results.analyzer, Results.version, Results.fingerprint)
_PRINTS = Prepared(
    Results.select(Results.sha256, _PRINT_OF_EACH.alias("prints"))
    .where(among(Results.sha256, "sha256s"))
    .group_by(Results.sha256)
)  # a row for each content: one for each result takes three times as long
