"""Places to work at, and who gets the next one."""

import asyncio
from collections import deque
from typing import Generic, Protocol, TypeVar

from samplemind_daemon.model import Lane
from samplemind_daemon.work.failures import CrewStopped

MOST_WAITING = 10_000  # tasks


class _Seat(Protocol):
    lane: Lane


Seat = TypeVar("Seat", bound=_Seat)


class Seats(Generic[Seat]):
    """Free seats and waiting tasks: interactive ones go first and sit anywhere, batch keeps to its own."""

    def __init__(self) -> None:
        self._free: dict[Lane, deque[Seat]] = {lane: deque() for lane in Lane}
        self._waiting: dict[Lane, deque[asyncio.Future[Seat]]] = {lane: deque() for lane in Lane}

    @property
    def waiting(self) -> int:
        """How many tasks wait."""
        return sum(len(line) for line in self._waiting.values())

    async def take(self, lane: Lane) -> Seat:
        """A free seat for a task of this lane, as soon as there is one."""
        for kind in (Lane.INTERACTIVE, Lane.BATCH) if lane is Lane.INTERACTIVE else (Lane.BATCH,):
            if self._free[kind]:
                return self._free[kind].popleft()
        if self.waiting >= MOST_WAITING:
            raise RuntimeError(f"{MOST_WAITING:,} tasks wait for the crew already")
        promise: asyncio.Future[Seat] = asyncio.get_running_loop().create_future()
        self._waiting[lane].append(promise)
        try:
            return await promise
        except asyncio.CancelledError:
            if promise.done() and not promise.cancelled():
                self.give(promise.result())
            elif promise in self._waiting[lane]:
                self._waiting[lane].remove(promise)
            raise

    def give(self, seat: Seat) -> None:
        """The seat is free: whoever waits for it first gets it."""
        for lane in (Lane.INTERACTIVE, Lane.BATCH) if seat.lane is Lane.BATCH else (Lane.INTERACTIVE,):
            while self._waiting[lane]:
                promise = self._waiting[lane].popleft()
                if not promise.done():
                    return promise.set_result(seat)
        self._free[seat.lane].append(seat)

    def clear(self) -> list[Seat]:
        """Take every free seat, to be given again later."""
        seats = [seat for line in self._free.values() for seat in line]
        for line in self._free.values():
            line.clear()
        return seats

    def stop(self) -> None:
        """Nobody waits any longer: CrewStopped for all who do."""
        for line in self._waiting.values():
            for promise in line:
                if not promise.done():
                    promise.set_exception(CrewStopped("the crew was stopped"))
            line.clear()
