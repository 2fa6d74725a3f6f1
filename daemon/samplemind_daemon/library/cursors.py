"""Cursors: where in a user's events a follower stands, as clients keep it."""

import re
from functools import lru_cache
from hashlib import sha256

from samplemind_daemon.refusals import Invalid

START = "0"  # everything that is kept
_CURSOR = re.compile(r"([0-9]{1,18})\.([0-9a-f]{8})", re.ASCII)


def write(user: str, sequence: int) -> str:
    """The cursor behind the event with this number; marked, so that no other user's passes for it."""
    return f"{sequence}.{_mark(user)}"


def read(user: str, cursor: str) -> int:
    """The number of the event that a cursor of this user stands behind.

    Raises Invalid for what is none, or another user's.
    """
    found = _CURSOR.fullmatch(cursor)
    if found is None or found[2] != _mark(user):
        raise unknown(cursor)
    return int(found[1])


def unknown(cursor: str) -> Invalid:
    """The refusal of a cursor that was never given to the user."""
    why = {"cursor": f"{cursor[:60]!r} was not given to this account by this daemon"}
    return Invalid("INVALID_CURSOR", f"This is no cursor: {why['cursor']}.", why)


@lru_cache(1_000)
def _mark(user: str) -> str:
    return sha256(user.encode()).hexdigest()[:8]
