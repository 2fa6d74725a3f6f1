"""Which job is next at a worker: waits for hints of both lanes, and takes those that are waited for first."""

import asyncio

import nats.errors

from samplemind_daemon.model import Lane
from samplemind_daemon.work.nats.stream import Hint, Stream

WAIT_SECONDS = 2.0  # that one wait lasts; then it begins anew
LOOK_SECONDS = (
    0.05  # that NATS gets to say that there is nothing in the first lane, where there is one seat only
)


class Hints:
    """One wait a lane at a time, which goes on while jobs are begun."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._waits: dict[Lane, asyncio.Task[Hint | None]] = {}

    async def next(self, lanes: list[Lane], is_last: bool, freed: asyncio.Event) -> Hint | None:
        """A hint of the first of these lanes that has one; None where none has come until a seat is freed, or for long.

        `is_last` says that one seat is left: then no lane is asked while the one before may have something.
        """
        for lane in lanes:
            wait = self._waits.get(lane)
            if wait is None:
                wait = self._waits[lane] = asyncio.create_task(self._stream.take(lane, WAIT_SECONDS))
            if is_last:
                await asyncio.wait([wait], timeout=LOOK_SECONDS)
            if wait.done():
                return self._waits.pop(lane).result()
        await self._news(freed)
        for lane in [lane for lane, wait in self._waits.items() if lane not in lanes and wait.done()]:
            await _decline(self._waits.pop(lane))  # what came while its seat was taken
        return None

    async def close(self) -> None:
        """Wait no more; what has come meanwhile is for others."""
        for wait in self._waits.values():
            wait.cancel()
            await _decline(wait)
        await self._stream.close()

    async def _news(self, freed: asyncio.Event) -> None:
        """Wait until a hint comes, or a seat is free."""
        seat = asyncio.create_task(freed.wait())
        await asyncio.wait(
            [seat, *self._waits.values()], timeout=WAIT_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        seat.cancel()


async def _decline(wait: "asyncio.Task[Hint | None]") -> None:
    try:
        if (hint := await wait) is not None:
            await hint.decline(0)
    except (nats.errors.Error, OSError, asyncio.CancelledError):
        pass  # nothing came
