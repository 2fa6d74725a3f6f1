"""How often something may be done in a time: counted in memory, and written down a moment later.

What is written is added to what other daemons on the same database wrote, which is learnt then: so a limit is one for
all of them together, a moment late.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from samplemind_daemon.store import Store, spendings

log = structlog.get_logger(__name__)

SLOTS = 12  # pieces of a limit's time; what was spent in a piece comes back as a whole
MOST = 100_000  # purses in memory; the ones not used for longest give way
WRITE_SECONDS = 1.0  # after a spending that it is written down: what a crash may forget


@dataclass(frozen=True)
class Limit:
    """At most `amount` in any `seconds` that follow each other."""

    amount: int
    seconds: int

    @property
    def slot_seconds(self) -> float:
        return self.seconds / SLOTS


@dataclass(frozen=True)
class Standing:
    """What is left of a limit, and when something comes back."""

    limit: Limit
    remaining: int
    reset_seconds: float


class Overdrawn(Exception):
    """There is not enough left of a limit; something comes back in `wait_seconds`."""

    def __init__(self, limit: Limit, wait_seconds: float) -> None:
        super().__init__(f"{limit} is used up for {wait_seconds} s")
        self.limit, self.wait_seconds = limit, wait_seconds


class Purses:
    """What each purse has spent of its limits; a purse is whoever or whatever is limited."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._spent: dict[str, dict[int, int]] = {}  # by purse and limit, then by slot
        self._unwritten: dict[tuple[str, int], int] = {}  # what each slot has had since it was written
        self._writing: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Know what was spent before the daemon was started again."""
        for name, slot, spent in await self._store.read(spendings.load, self._clock(), MOST * SLOTS):
            self._spent.setdefault(name, {})[slot] = spent

    def spend(self, purse: str, limits: Sequence[Limit], amount: int = 1) -> Standing:
        """Take the amount from the purse, under all of its limits or none; how the tightest one stands then.

        Raises Overdrawn where there is not enough left of one.
        """
        for limit in limits:
            if (wait := self._wait(purse, limit, amount)) > 0:
                raise Overdrawn(limit, wait)
        return min((self._take(purse, limit, amount) for limit in limits), key=_share_left)

    def give_back(self, purse: str, limits: Sequence[Limit], amount: int = 1) -> None:
        """Undo a spending that came to nothing."""
        for limit in limits:
            slots = self._spent.get(_name(purse, limit), {})
            slot = max((one for one in slots if slots[one] >= amount), default=None)
            if slot is not None:
                slots[slot] -= amount
                self._note(purse, limit, slot, -amount)

    async def close(self) -> None:
        """Write down what is not written yet."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._write()

    async def forget(self) -> None:
        """Drop what counts no more."""
        while await self._store.write(spendings.forget, self._clock()):
            pass

    def _wait(self, purse: str, limit: Limit, amount: int) -> float:
        """Seconds until the amount can be taken; 0 for now."""
        slots = self._slots(purse, limit)
        over = sum(slots.values()) + amount - limit.amount
        for slot in sorted(slots):
            if over <= 0:
                return 0.0
            over -= slots[slot]
            if over <= 0:
                return self._comes_back(slot, limit)
        return 0.0 if over <= 0 else float(limit.seconds)

    def _take(self, purse: str, limit: Limit, amount: int) -> Standing:
        slots, slot = self._slots(purse, limit), int(self._seconds() // limit.slot_seconds)
        self._spent[_name(purse, limit)] = slots  # last in the dictionary: used last
        slots[slot] = slots.get(slot, 0) + amount
        self._note(purse, limit, slot, amount)
        self._make_room()
        first = min(one for one in slots if slots[one] or one == slot)
        return Standing(limit, limit.amount - sum(slots.values()), self._comes_back(first, limit))

    def _slots(self, purse: str, limit: Limit) -> dict[int, int]:
        """What still counts. A slot counts until all of it lies back by the limit's whole time."""
        now = int(self._seconds() // limit.slot_seconds)
        known = self._spent.pop(_name(purse, limit), {})
        # What lies ahead was spent before the clock was set back: it must not count until it comes again.
        counting = {slot: spent for slot, spent in known.items() if now - SLOTS <= slot <= now}
        if counting:
            self._spent[_name(purse, limit)] = counting
        return counting

    def _comes_back(self, slot: int, limit: Limit) -> float:
        return max((slot + SLOTS + 1) * limit.slot_seconds - self._seconds(), 0.001)

    def _seconds(self) -> float:
        return self._clock().timestamp()

    def _make_room(self) -> None:
        while len(self._spent) > MOST:
            del self._spent[next(iter(self._spent))]

    def _note(self, purse: str, limit: Limit, slot: int, amount: int) -> None:
        key = _name(purse, limit), slot
        self._unwritten[key] = self._unwritten.get(key, 0) + amount
        if self._writing is None or self._writing.done():
            self._writing = asyncio.ensure_future(self._write_soon())

    async def _write_soon(self) -> None:
        while self._unwritten:
            await asyncio.sleep(WRITE_SECONDS)
            if not await self._write():
                return  # the next spending tries again

    async def _write(self) -> bool:
        """Write down; a full disk must not keep anyone from calling. Whether it worked."""
        noted, self._unwritten = self._unwritten, {}
        rows = [(name, slot, spent, _expires_at(name, slot)) for (name, slot), spent in noted.items()]
        try:
            written = await self._store.write(spendings.add, rows, self._clock())
        except Exception as problem:
            for key, spent in noted.items():
                self._unwritten[key] = self._unwritten.get(key, 0) + spent
            log.warning("what calls have cost could not be written down", exc_info=problem)
            return False
        for name, slot, spent in written:
            if name in self._spent:
                self._spent[name][slot] = spent + self._unwritten.get((name, slot), 0)
        return True


def _name(purse: str, limit: Limit) -> str:
    return f"{purse}/{limit.seconds}"


def _expires_at(name: str, slot: int) -> datetime:
    """When what was spent in a slot counts no more."""
    seconds = int(name.rpartition("/")[2])
    return datetime.fromtimestamp((slot + SLOTS + 1) * seconds / SLOTS, UTC)


def _share_left(standing: Standing) -> float:
    return standing.remaining / standing.limit.amount
