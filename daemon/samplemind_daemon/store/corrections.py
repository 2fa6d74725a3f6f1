"""What users say of their sounds: one value for each sound and descriptor, which outlives every analysis."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from samplemind_daemon.model import Correction
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.prepared import Prepared, among
from samplemind_daemon.store.tables import Corrections

_OF_MANY = Prepared(Corrections.select().where(among(Corrections.audio, "audios")).order_by(Corrections.name))


def keep(db: Database, user: str, audio: str, name: str, value: Any, at: datetime) -> None:
    """Keep a user's value of a descriptor in place of an earlier one."""
    Corrections.put(
        audio=audio, name=name, user=user, value=json.dumps(value, allow_nan=False), at=at
    ).execute(db)


def drop(db: Database, audio: str, name: str) -> None:
    """Take a user's value back, if there is one."""
    Corrections.delete().where((Corrections.audio == audio) & (Corrections.name == name)).execute(db)


def forget(db: Database, audio: str) -> None:
    """Take back all that was said of a sound."""
    Corrections.delete().where(Corrections.audio == audio).execute(db)


def of(db: Database, audio: str) -> tuple[Correction, ...]:
    """All that its user says of a sound, by descriptor."""
    return of_many(db, [audio]).get(audio, ())


def of_many(db: Database, audios: Sequence[str]) -> dict[str, tuple[Correction, ...]]:
    """All that is said of each of these sounds of which anything is, by descriptor."""
    found: dict[str, tuple[Correction, ...]] = {}
    for start in range(0, len(audios), 500):
        for one in _read(_OF_MANY.rows(db, audios=list(audios[start : start + 500]))):
            found[one.audio] = (*found.get(one.audio, ()), one)
    return found


def _read(rows: Iterable[Any]) -> Iterable[Correction]:
    return (Correction(row.audio, row.user, row.name, _value(json.loads(row.value)), row.at) for row in rows)


def _value(value: Any) -> Any:
    return tuple(map(_value, value)) if isinstance(value, list) else value
