"""What was found: one result for each content and analyzer, the latest."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from samplemind_daemon.model import Descriptor, Result
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.tables import Results


def keep(db: Database, sha256: str, found: Iterable[Result]) -> None:
    """Keep results of a content in place of the analyzers' earlier ones."""
    for result in found:
        descriptors = json.dumps([asdict(one) for one in result.descriptors], allow_nan=False)
        Results.replace(
            sha256=sha256, analyzer=result.analyzer, version=result.version,
            fingerprint=result.fingerprint, descriptors=descriptors, created_at=now(),
        ).execute(db)  # fmt: skip


def of(db: Database, sha256: str) -> list[Result]:
    """All results of a content, by analyzer."""
    return of_many(db, [sha256]).get(sha256, [])


def of_many(db: Database, sha256s: Sequence[str]) -> dict[str, list[Result]]:
    """All results of up to 1,000 contents."""
    found: dict[str, list[Result]] = {}
    query = Results.select().where(Results.sha256.in_(list(sha256s))).order_by(Results.analyzer)
    for row in query.execute(db):
        found.setdefault(row.sha256, []).append(_result(row))
    return found


def prints(db: Database, sha256: str) -> dict[str, str]:
    """The fingerprints of a content's results, by analyzer."""
    query = Results.select(Results.analyzer, Results.fingerprint).where(Results.sha256 == sha256)
    return dict(query.tuples().execute(db))


def _result(row: Any) -> Result:
    descriptors = tuple(_descriptor(one) for one in json.loads(row.descriptors))
    return Result(row.analyzer, row.version, row.fingerprint, descriptors)


def _descriptor(fields: dict[str, Any]) -> Descriptor:
    candidates = tuple((_value(value), sure) for value, sure in fields.pop("candidates"))
    return Descriptor(value=_value(fields.pop("value")), candidates=candidates, **fields)


def _value(value: Any) -> Any:
    return tuple(map(_value, value)) if isinstance(value, list) else value
