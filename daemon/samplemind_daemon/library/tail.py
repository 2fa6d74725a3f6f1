"""The latest events of a user, read from the store once for all who follow them."""

import asyncio
from collections.abc import Collection

from samplemind_daemon.model import Event
from samplemind_daemon.store import Store, events

MOST = 1_000  # events kept at hand; who is further behind reads from the store
PAGE = 200  # events read at a time

Found = tuple[list[Event], int]  # events, and how far they reach


class Tail:
    """Keeps up with the store from an event on, whenever it is `stale` and somebody asks."""

    def __init__(self, store: Store, user: str, sequence: int) -> None:
        self._store, self._user = store, user
        self._since = self._reached = (
            sequence  # what is kept lies after the one, up to the other, without a gap
        )
        self._kept: list[Event] = []
        self._reading = asyncio.Lock()
        self.stale = True

    async def after(self, sequence: int, kinds: Collection[str], limit: int) -> Found | None:
        """Up to `limit` events after `sequence` and how far they reach; None where that is too far back."""
        await self.reach()
        if sequence < self._since:
            return None
        found = [event for event in self._kept[sequence - self._since :] if _is_of(event.kind, kinds)]
        if len(found) > limit:
            return found[:limit], found[limit - 1].sequence
        return found, max(sequence, self._reached)

    async def reach(self) -> int:
        """The number of the last event that there is."""
        async with self._reading:
            if self.stale:
                await self._read_on()
        return self._reached

    async def _read_on(self) -> None:
        more = True
        while more:
            self.stale = False  # before: what happens while it is read makes it stale again
            try:
                found, self._reached = await self._store.read(
                    events.after, self._user, self._reached, (), PAGE
                )
            except BaseException:
                self.stale = True
                raise
            self._kept += found
            more = len(found) == PAGE
        if (many := len(self._kept) - MOST) > 0:
            self._since += many
            del self._kept[:many]


def _is_of(kind: str, kinds: Collection[str]) -> bool:
    return not kinds or any(kind.startswith(one) if one.endswith(".") else kind == one for one in kinds)
