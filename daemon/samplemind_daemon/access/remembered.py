"""Who calls with which credential, remembered for a second: else each call would ask the store the same again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from samplemind_daemon.access.signing import digest
from samplemind_daemon.model import Caller

LIFE = timedelta(seconds=1)  # as late as this bites what another program changes in the database
MOST = 10_000  # credentials; the one asked for longest ago gives way


@dataclass(frozen=True)
class _Known:
    caller: Caller
    asked_at: datetime
    asked: float  # by a clock that nobody sets

    def is_fresh(self, moment: datetime, now: float) -> bool:
        return now - self.asked < LIFE.total_seconds() and timedelta() <= moment - self.asked_at < LIFE


class Remembered:
    """Callers by their credential, of which only a digest is kept."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._forgotten = 0  # times

    async def caller(self, credential: str, find: Callable[[], Awaitable[Caller]]) -> Caller:
        """Who calls: as `find` says, or said within the last second. Nothing is remembered where it raises."""
        name, forgotten, moment, asked = digest(credential), self._forgotten, self._clock(), monotonic()
        known = self._known.get(name)
        if known is not None and known.is_fresh(moment, asked):
            return known.caller
        caller = await find()
        if forgotten == self._forgotten:  # else this may be what the store said before
            self._known.pop(name, None)
            self._known[name] = _Known(caller, moment, asked)
            if len(self._known) > MOST:
                del self._known[next(iter(self._known))]
        return caller

    def forget(self) -> None:
        """Ask again for each: somebody has been put out."""
        self._forgotten += 1
        self._known.clear()
