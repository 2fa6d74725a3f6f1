"""What a list of sounds is filtered and ordered by, as callers write it.

    filter = clause { " AND " clause }      clause = field ("=" | ":") value
    value  = one word, or "…" with \" and \\ for " and \

`=` means equals, `:` means holds.
"""

import re

from samplemind_daemon.model import State
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.store.sounds import FIELDS, ORDERS, Clause

LONGEST, MOST = 1_000, 16  # characters, clauses
_CLAUSE = re.compile(r'\s*(\w+)\s*([=:])\s*("(?:[^"\\]|\\["\\])*"|[^\s"]+)', re.ASCII)
_AND = re.compile(r"\s+AND(?=\s|$)")


def clauses(filter: str) -> tuple[Clause, ...]:
    """The clauses of a filter; Invalid, saying where, for what is none."""
    if len(filter) > LONGEST:
        raise _wrong(f"it has more than {LONGEST} characters")
    found: list[Clause] = []
    at = 0
    while filter[at:].strip():
        if found:
            at = _over_and(filter, at)
        clause = _CLAUSE.match(filter, at)
        if clause is None:
            raise _wrong(f"a clause such as state = failed was expected at {_rest(filter, at)}")
        found.append(_clause(*clause.groups()))
        at = clause.end()
    if len(found) > MOST:
        raise _wrong(f"it has more than {MOST} clauses")
    return tuple(found)


def order(order_by: str) -> tuple[str, bool]:
    """The field that a list is ordered by, and whether downwards; Invalid for what is none."""
    field, _, direction = (order_by.strip() or "created_at desc").partition(" ")
    if field not in ORDERS or direction.strip() not in ("", "asc", "desc"):
        why = {"order_by": f"{order_by[:60]!r} is none of {', '.join(ORDERS)}, each with or without desc"}
        raise Invalid("INVALID_ORDER", f"This is no order: {why['order_by']}.", why)
    return field, direction.strip() == "desc"


def _over_and(filter: str, at: int) -> int:
    joined = _AND.match(filter, at)
    if joined is None:
        raise _wrong(f'AND was expected at {_rest(filter, at)}; a value of several words needs quotes: "…"')
    return joined.end()


def _clause(field: str, sign: str, value: str) -> Clause:
    if value.startswith('"'):
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    if field not in FIELDS:
        raise _wrong(f"there is no field {field[:60]!r}, only {', '.join(FIELDS)}")
    if sign == ":" and field != "name":
        raise _wrong(f"{field} takes = only; name takes : too")
    if field == "state" and value not in list(State):
        raise _wrong(f"there is no state {value[:60]!r}, only {', '.join(State)}")
    return Clause(field, value, holds=sign == ":")


def _rest(filter: str, at: int) -> str:
    return repr(filter[at:].strip()[:60]) if filter[at:].strip() else "the end"


def _wrong(why: str) -> Invalid:
    return Invalid("INVALID_FILTER", f"This is no filter: {why}.", {"filter": why})
