"""Which sounds fit one: what goes with this loop."""

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING

from samplemind_daemon.library.likeness import Sample, Shelves
from samplemind_daemon.model import Match, Wish
from samplemind_daemon.store import Store, vectors

if TYPE_CHECKING:  # it brings numpy, which the daemon needs for nothing else
    from samplemind_daemon.library.likeness.shelf import Shelf


class Fitting:
    """What fits what, of all users' sounds."""

    def __init__(self, store: Store, shelves: Shelves) -> None:
        self._store, self._shelves = store, shelves

    async def compatible(
        self,
        user: str,
        sample: Sample,
        wish: Wish,
        ids: Collection[str] | None,
        limit: int,
    ) -> tuple[list[Match], int]:
        """Up to `limit` of these sounds of the user, or of all, the best first; and how many were compared.

        What has the sample's very content is left out, and so is what has not been heard.
        """
        twins = await self._store.read(vectors.twins, user, sample.sha256)
        async with self._shelves.of(user) as shelf:
            return await asyncio.to_thread(_best, shelf, sample, wish, ids, twins, limit)


def _best(
    shelf: "Shelf",
    sample: Sample,
    wish: Wish,
    ids: Collection[str] | None,
    twins: Collection[str],
    limit: int,
) -> tuple[list[Match], int]:
    from samplemind_daemon.library.fitting.best import best  # only now, off the event loop: it brings numpy

    return best(shelf, sample.profile, wish, shelf.rows(ids, twins), limit)
