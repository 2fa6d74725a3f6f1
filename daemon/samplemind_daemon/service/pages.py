"""Lists page by page: how long a page is, and where the next one begins.

A page token holds where the page before it ended, and a digest of what was asked for: it is good for
that question only.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import TypeVar

from google.protobuf.message import Message

from samplemind_daemon.refusals import Invalid

PAGE, LONGEST_PAGE = 100, 1_000  # things
LARGEST_REPLY = 256 * 1024  # bytes
LONGEST_TOKEN = 4_096  # characters: an id, and a name of 255 characters at its longest
FRAME = 8  # bytes around a message in a list: its tag and its length
MOST = 2**53  # no moment, in microseconds, and no size is as large

M = TypeVar("M", bound=Message)


def page_size(asked: int) -> int:
    """How many things to list: a default for 0, never more than LONGEST_PAGE; Invalid for fewer than none."""
    if asked < 0:
        why = {"page_size": f"{asked} is less than nothing"}
        raise Invalid("INVALID_PAGE_SIZE", "A page_size is 0 or more.", why)
    return min(asked or PAGE, LONGEST_PAGE)


def page_token(query: Iterable[str], value: int | str, id: str) -> str:
    """Where a page of this query ended: at the thing with this order value and id."""
    body = json.dumps([_digest(query), value, id], ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(body.encode()).decode().rstrip("=")


def page_start(query: Iterable[str], token: str, kind: type[int] | type[str]) -> tuple[int | str, str] | None:
    """The order value, of this kind, and the id that the page starts after; None for the first page.

    Raises Invalid for a token that was given for another query, or never.
    """
    if not token:
        return None
    try:
        digest, value, id = json.loads(urlsafe_b64decode(token[:LONGEST_TOKEN] + "=" * (-len(token) % 4)))
        f"{value}{id}".encode()  # half a character, which JSON can spell, is nothing that a database knows
    except (ValueError, TypeError, RecursionError):
        raise unknown() from None
    if digest != _digest(query) or type(value) is not kind or not isinstance(id, str):
        raise unknown()
    if isinstance(value, int) and not 0 <= value < MOST:
        raise unknown()
    return value, id


def fit(messages: Iterable[M], taken: int = 1024) -> list[M]:
    """As many of the messages as one reply holds beside `taken` bytes, but one at least."""
    fitting: list[M] = []
    for message in messages:
        taken += message.ByteSize() + FRAME
        if fitting and taken > LARGEST_REPLY:
            break
        fitting.append(message)
    return fitting


def _digest(query: Iterable[str]) -> str:
    return sha256("\0".join(query).encode(errors="replace")).hexdigest()[:16]


def unknown() -> Invalid:
    """What is said of a page token that was not given by this list."""
    why = {"page_token": "it was not given by this list"}
    return Invalid("INVALID_PAGE_TOKEN", "The page_token was not given by this list.", why)
