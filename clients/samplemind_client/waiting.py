"""Waiting for an asynchronous client from ordinary code.

The synchronous client is the asynchronous one, driven on a loop in a thread of its own: retries,
renewals and resuming are written once, and many threads may share one client.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterator
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class Waiting:
    """A loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="samplemind-client", daemon=True)
        self._thread.start()

    def run(self, deed: Coroutine[Any, Any, T]) -> T:
        """The deed's result; a KeyboardInterrupt while waiting cancels it."""
        running = asyncio.run_coroutine_threadsafe(deed, self._loop)
        try:
            return running.result()
        except BaseException:
            running.cancel()
            raise

    def each(self, values: AsyncGenerator[T, None]) -> Iterator[T]:
        """The values, each waited for when it is asked for; leaving early ends the stream behind them."""
        try:
            while True:
                try:
                    yield self.run(_next(values))
                except StopAsyncIteration:
                    return
        finally:
            self.run(_end(values))

    @property
    def closed(self) -> bool:
        """Whether the loop has ended."""
        return self._loop.is_closed()

    def close(self) -> None:
        """End the loop and its thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _next(values: AsyncGenerator[T, None]) -> T:
    return await anext(values)


async def _end(values: AsyncGenerator[Any, None]) -> None:
    await values.aclose()
