"""Lists that come page by page, and requests that are safe to send twice."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import TypeVar
from uuid import uuid4

V = TypeVar("V")


async def pages(fetch: Callable[[str], Awaitable[tuple[Iterable[V], str]]]) -> AsyncGenerator[V, None]:
    """Every value of a list; `fetch` gives a page and the next one's token, "" after the last.

    A page is fetched when its first value is asked for.
    """
    token = ""
    while True:
        values, token = await fetch(token)
        for value in values:
            yield value
        if not token:
            return


def request_id() -> str:
    """A new id for a mutating request; its retries keep it."""
    return str(uuid4())
