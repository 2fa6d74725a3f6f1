"""How long a caller stays welcome: a stream does not outlive the credential that opened it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import random

import structlog

from samplemind_daemon.refusals import Refusal

log = structlog.get_logger(__name__)

LOOK_SECONDS = 3.0  # between two looks at the credential


@asynccontextmanager
async def while_welcome(check: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Let what is inside run for as long as `check` raises no refusal; then raise that refusal in its place."""
    found: list[Refusal] = []
    try:
        async with asyncio.timeout(None) as limit:
            looking = asyncio.create_task(_look(check, found, limit))
            try:
                yield
            finally:
                looking.cancel()
    except TimeoutError:
        if not found:
            raise
        raise found[0] from None


async def _look(check: Callable[[], Awaitable[object]], found: list[Refusal], limit: asyncio.Timeout) -> None:
    await asyncio.sleep(random() * LOOK_SECONDS)  # those who came together do not all look at once
    while not found:
        try:
            await check()
        except Refusal as refusal:
            found.append(refusal)
            limit.reschedule(0)
        except Exception:
            log.exception("whether a caller is still welcome could not be seen")
        await asyncio.sleep(LOOK_SECONDS)
