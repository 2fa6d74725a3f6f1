"""What was found: one result for each content and analyzer, the latest."""

import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from samplemind_daemon.model import Descriptor, Result, is_asked_for
from samplemind_daemon.store import identities, vectors
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.prepared import Given, Prepared, among
from samplemind_daemon.store.profiles import ANALYZERS
from samplemind_daemon.store.tables import Results

_KEEP = Prepared(Results.put(**{name: Given(name) for name in Results._meta.sorted_field_names}))
STEP = 10  # contents in one transaction: the writer is for everybody, and their results are long


def keep(db: Database, sha256: str, found: Collection[Result]) -> None:
    """Keep results of a content in place of the analyzers' earlier ones."""
    for result in found:
        lists = {one.name: one.value for one in result.descriptors if isinstance(one.value, tuple)}
        descriptors = [
            {field: said for field, said in vars(one).items() if field != "value" or one.name not in lists}
            for one in result.descriptors
        ]
        _KEEP.run(
            db, sha256=sha256, analyzer=result.analyzer, version=result.version, fingerprint=result.fingerprint,
            descriptors=json.dumps(descriptors, allow_nan=False), created_at=now(),
            lists=json.dumps(lists, allow_nan=False),
        )  # fmt: skip
    left = ANALYZERS.difference(result.analyzer for result in found)
    earlier = of_many(db, [sha256], left).get(sha256, ()) if left and not vectors.knows(db, sha256) else ()
    vectors.keep(db, sha256, (*earlier, *found))
    identities.keep(db, sha256, found)


def profile(db: Database) -> int:
    """Keep what contents are compared by that an earlier SampleMind heard, up to STEP of them; how many it were."""
    contents = vectors.missing(db, STEP)
    heard = of_many(db, contents, ANALYZERS)
    for sha256 in contents:
        vectors.keep(db, sha256, heard.get(sha256, ()))
    return len(contents)


def of(db: Database, sha256: str) -> list[Result]:
    """All results of a content, by analyzer."""
    return of_many(db, [sha256]).get(sha256, [])


def of_many(
    db: Database, sha256s: Sequence[str], names: Collection[str] | None = None
) -> dict[str, list[Result]]:
    """The results of up to 1,000 contents: all descriptors, or those asked for; if none are, all but lists."""
    analyzers = list({name.partition(".")[0] for name in names or ()})
    found: dict[str, list[Result]] = {}
    query = _of_many(bool(names), with_lists=names is None or bool(names))
    for sha256, *row in query.rows(db, sha256s=list(sha256s), analyzers=analyzers):
        found.setdefault(sha256, []).append(_result(names, *row))
    return found


def prints(db: Database, sha256: str) -> dict[str, str]:
    """The fingerprints of a content's results, by analyzer."""
    query = Results.select(Results.analyzer, Results.fingerprint).where(Results.sha256 == sha256)
    return dict(query.tuples().execute(db))


@cache
def _of_many(are_named: bool, with_lists: bool) -> Prepared:
    columns = [Results.sha256, Results.analyzer, Results.version, Results.fingerprint, Results.descriptors]
    wanted = among(Results.sha256, "sha256s")
    if are_named:
        wanted &= among(Results.analyzer, "analyzers")
    query = Results.select(*columns, *([Results.lists] if with_lists else []))
    return Prepared(query.where(wanted).order_by(Results.analyzer))


def _result(
    names: Collection[str] | None, analyzer: str, version: int, fingerprint: str, kept: str, lists: str = ""
) -> Result:
    apart = json.loads(lists) if lists else {}
    wanted = [one for one in json.loads(kept) if _is_wanted(one, names)]
    descriptors = tuple(_descriptor({"value": apart.get(one["name"]), **one}) for one in wanted)
    return Result(analyzer, version, fingerprint, descriptors)


def _is_wanted(fields: dict[str, Any], names: Collection[str] | None) -> bool:
    """Whether a descriptor is of these names, or if there are none, whether its value is no list."""
    if names:
        return is_asked_for(fields["name"], names)
    return names is None or ("value" in fields and not isinstance(fields["value"], list))


def _descriptor(fields: dict[str, Any]) -> Descriptor:
    candidates = tuple((_value(value), sure) for value, sure in fields.pop("candidates"))
    return Descriptor(value=_value(fields.pop("value")), candidates=candidates, **fields)


def _value(value: Any) -> Any:
    return tuple(map(_value, value)) if isinstance(value, list) else value
