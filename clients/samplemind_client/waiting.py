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
        self._thread = Thread(target=self._live, name="samplemind-client", daemon=True)
        self._thread.start()

    def run(self, deed: Coroutine[Any, Any, T]) -> T:
        """The deed's result; a KeyboardInterrupt while waiting cancels it."""
        if self.closed:
            deed.close()
            raise RuntimeError("this client is closed")
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
            if not self.closed:  # else the stream has ended with its loop
                self.run(_end(values))

    @property
    def closed(self) -> bool:
        """Whether the loop has ended."""
        return not self._thread.is_alive()

    def close(self) -> None:
        """End the loop and its thread, with whatever still runs on it."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _live(self) -> None:
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(_end_all())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()


async def _next(values: AsyncGenerator[T, None]) -> T:
    return await anext(values)


async def _end(values: AsyncGenerator[Any, None]) -> None:
    await values.aclose()


async def _end_all() -> None:
    """Cancel every other task of this loop, and wait until it has ended."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)
