"""Finding a user's sounds: what may be asked, and what is answered."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from samplemind_daemon.library.harmony import NAMES
from samplemind_daemon.model import Order, Query, Range
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.store import Database, Store, query
from samplemind_daemon.store.entries import KINDS, sought
from samplemind_daemon.store.query import COUNTED, LABELLED, MOST_COUNTS, NEWEST, ORDERS, Row

LONGEST_TEXT, MOST_WORDS = 200, 10
LONGEST, MOST = 100, 50  # characters of a value; values of a clause
FACETS = (*COUNTED, *LABELLED)
BUCKET = 10  # BPM

Facet = list[tuple[str, int]]  # values, each with how many sounds have it


@dataclass(frozen=True)
class Page:
    """Some of the sounds that match, how many match in all, and facets of all of these."""

    rows: list[Row]
    is_last: bool
    total: int
    facets: dict[str, Facet]


class Queries:
    """The libraries of all users."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def ids(self, user: str, asked: Query, order: Order = NEWEST) -> list[str]:
        """The ids of all the user's sounds that match; Invalid where the query cannot be answered."""
        check(asked)
        return await self._store.read(query.ids, user, asked, order)

    async def find(
        self,
        user: str,
        asked: Query,
        order: Order = NEWEST,
        limit: int = 100,
        after: tuple[Any, int] | None = None,
        facets: Sequence[str] = (),
    ) -> Page:
        """Up to `limit` sounds that match, after this place; Invalid where the query cannot be answered."""
        check(asked)
        return await self._store.read(_find, user, asked, order, limit, after, facets)


def check(asked: Query) -> None:
    """Return if the query can be answered; Invalid, with the name of each field that is at fault, if not."""
    wrong = _wrong_ranges(asked) | _wrong_lists(asked)
    if len(asked.text) > LONGEST_TEXT or len(sought(asked.text)) > MOST_WORDS:
        wrong["query.text"] = f"it has more than {MOST_WORDS} words or {LONGEST_TEXT} characters"
    elif asked.text.strip() and not sought(asked.text):
        wrong["query.text"] = f"{asked.text[:40]!r} has no letter and no digit"
    if wrong:
        sentence = "; ".join(f"{field}: {why}" for field, why in wrong.items())
        raise Invalid("INVALID_QUERY", f"This cannot be searched for: {sentence}.", wrong)


def order(order_by: str) -> Order:
    """What "name" or "bpm desc" sorts by; Invalid for what is no order."""
    field, _, direction = (order_by.strip() or "created_at desc").partition(" ")
    if field not in ORDERS or direction.strip() not in ("", "asc", "desc"):
        why = {"order_by": f"{order_by[:60]!r} is none of {', '.join(ORDERS)}, each with or without desc"}
        raise Invalid("INVALID_ORDER", f"This is no order: {why['order_by']}.", why)
    return Order(field, direction.strip() == "desc")


def facets(names: Sequence[str]) -> tuple[str, ...]:
    """The facets of these names, each once; Invalid for what is none."""
    if unknown := [name for name in names if name not in FACETS]:
        why = {"facets": f"{unknown[0][:40]!r} is none of {', '.join(FACETS)}"}
        raise Invalid("INVALID_FACET", f"This cannot be counted: {why['facets']}.", why)
    return tuple(dict.fromkeys(names))


def _find(
    db: Database,
    user: str,
    asked: Query,
    order: Order,
    limit: int,
    after: tuple[Any, int] | None,
    facets: Sequence[str],
) -> Page:
    rows = query.page(db, user, asked, order, limit + 1, after)
    counts = {name: _told(name, query.facet(db, user, asked, name)) for name in facets}
    is_last = len(rows) <= limit
    total = len(rows) if is_last and after is None else query.count(db, user, asked)
    return Page(rows[:limit], is_last, total, counts)


def _told(name: str, counts: list[tuple[Any, int]]) -> Facet:
    """Counts as they are read: keys by name, tempi in ranges of ten, of which 120 is in "120-130"."""
    match name:
        case "key":
            counts = [(NAMES[place], count) for place, count in counts]
        case "bpm":
            ranges: dict[int, int] = {}
            for bpm, count in counts:
                low = math.floor(bpm / BUCKET) * BUCKET
                ranges[low] = ranges.get(low, 0) + count
            ranked = sorted(ranges.items(), key=lambda one: (-one[1], one[0]))
            counts = [(f"{low}-{low + BUCKET}", count) for low, count in ranked]
    return counts[:MOST_COUNTS]


def _wrong_ranges(asked: Query) -> dict[str, str]:
    ranges = {"bpm": asked.bpm, "loudness": asked.loudness, "duration": asked.duration}
    return {f"query.{name}": why for name, bounds in ranges.items() if (why := _wrong_range(bounds))}


def _wrong_range(bounds: Range) -> str:
    numbers = [one for one in (bounds.low, bounds.high) if one is not None]
    if not all(map(math.isfinite, numbers)):
        return "its bounds are no numbers"
    return f"{numbers[0]:g} is more than {numbers[1]:g}" if numbers != sorted(numbers) else ""


def _wrong_lists(asked: Query) -> dict[str, str]:
    wrong = {}
    lists = {
        "tags": asked.tags, "genres": asked.genres, "moods": asked.moods, "instruments": asked.instruments,
        "kinds": asked.kinds, "folder_ids": asked.folders, "states": asked.states,
    }  # fmt: skip
    for name, values in lists.items():
        if len(values) > MOST:
            wrong[f"query.{name}"] = f"it has {len(values)} values, more than {MOST}"
        elif any(not value.strip() or len(value) > LONGEST for value in values):
            wrong[f"query.{name}"] = f"a value has 1 to {LONGEST} characters"
    if unknown := [kind for kind in asked.kinds if kind not in KINDS]:
        wrong["query.kinds"] = f"{unknown[0][:40]!r} is none of {', '.join(KINDS)}"
    return wrong
