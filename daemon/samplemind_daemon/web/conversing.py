"""Both directions of a call at once: what is sent to it, and what it answers."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Gone(Exception):
    """The browser does not wait for the answer any more."""


async def converse(sending: Coroutine[Any, Any, None], answering: Coroutine[Any, Any, None]) -> None:
    """Return once the answer has been given, or raise what ended the sending before; neither runs any more then.

    `sending` raises Gone once the browser has gone, or a Refusal of what it sent, and never just ends.
    """
    tasks = asyncio.create_task(sending), asyncio.create_task(answering)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        ended = next(task for task in reversed(tasks) if task.done())
        ended.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
