"""The bytes of accounts that were removed: they go at once, without the grace that deleted sounds have.

Whoever removes an account means it, and may have promised its holder to. The grace is there for bytes that
come back: here the store is asked instead, which knows of every upload before its bytes are kept.
"""

import asyncio
from datetime import datetime, timedelta

from samplemind_daemon.store import Store, leaving
from samplemind_daemon.store.blobs import Blobs
from samplemind_daemon.store.moments import now

UNSURE = timedelta(seconds=2)  # files have times that are a little coarser than the clock's


class Departures:
    """Sees bytes off that shall go."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store, self._blobs = store, blobs

    async def see_off(self) -> int:
        """Remove what shall go and nobody else has, or is about to have; how many files it were."""
        names = await asyncio.to_thread(self._blobs.leaving)
        if not names:
            return 0
        moment = now() - UNSURE  # what is kept from here on may be wanted by an upload that is not looked for
        wanted, gone = await self._store.read(leaving.wanted, names), 0
        for sha256 in names:
            if sha256 in wanted:
                await asyncio.to_thread(self._blobs.strike, sha256)
            else:
                gone += await asyncio.to_thread(self._remove, sha256, moment)
        return gone

    def _remove(self, sha256: str, moment: datetime) -> bool:
        """Whether the bytes were removed; those that were kept just now are looked at again later."""
        path = self._blobs.path(sha256)
        removed = self._blobs.drop_older(path, moment)
        if not path.exists():
            self._blobs.strike(sha256)
        return removed
