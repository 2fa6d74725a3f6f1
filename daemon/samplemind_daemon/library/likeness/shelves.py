"""The shelves of the users who compare sounds, kept current; the least recently used goes where memory is short."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from samplemind_daemon.store import Store, vectors

if TYPE_CHECKING:  # it brings numpy: only when somebody compares
    from samplemind_daemon.library.likeness.shelf import Shelf

MOST_ROWS = 400_000  # of all shelves but the one used last: about 300 MiB
STEP = 5_000  # sounds read at a time: readers are for everybody


class _Place:
    """Where the shelf of a user is, for one at a time."""

    def __init__(self) -> None:
        self.shelf: Shelf | None = None
        self.lock = asyncio.Lock()


class Shelves:
    """One shelf a user, filled when it is first asked for and brought up to date each time."""

    def __init__(self, store: Store, most_rows: int = MOST_ROWS) -> None:
        self._store, self._most = store, most_rows
        self._places: dict[str, _Place] = {}  # the last used one last

    @asynccontextmanager
    async def of(self, user: str) -> AsyncIterator["Shelf"]:
        """The user's shelf with all that was committed before this, for one caller at a time."""
        place = self._places.pop(user) if user in self._places else _Place()
        self._places[user] = place
        try:
            async with place.lock:
                if place.shelf is None:
                    place.shelf = await asyncio.to_thread(_empty)
                await self._refresh(user, place.shelf)
                yield place.shelf
        finally:
            self._make_room()

    @property
    def users(self) -> list[str]:
        """Whose shelves are in memory, the last used one last."""
        return list(self._places)

    async def _refresh(self, user: str, shelf: "Shelf") -> None:
        changes = await self._store.read(vectors.since, user, shelf.mark)
        if changes.whole:
            shelf.clear()
        for start in range(0, len(changes.audios), STEP):
            some = changes.audios[start : start + STEP]
            found = await self._store.read(vectors.rows, user, some)
            await _whole(asyncio.to_thread(shelf.put, some, found))
        shelf.mark = changes.mark

    def _make_room(self) -> None:
        while len(self._places) > 1 and self._rows() > self._most:
            del self._places[next(iter(self._places))]

    def _rows(self) -> int:
        return sum(len(one.shelf.ids) for one in self._places.values() if one.shelf)


async def _whole(deed: Coroutine[Any, Any, None]) -> None:
    """Do it to its end, even if the caller goes away: a thread cannot be stopped, and the next may not meet it."""
    doing = asyncio.create_task(deed)
    try:
        await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise


def _empty() -> "Shelf":
    from samplemind_daemon.library.likeness.shelf import Shelf

    return Shelf()
