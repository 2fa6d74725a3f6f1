"""The bytes of accounts that were removed: they go at once, without the grace that deleted sounds have.

Whoever removes an account means it, and may have promised its holder to. The grace is there for bytes that
come back: here the store is asked instead, which knows of every upload before its bytes are kept.
"""

from datetime import datetime, timedelta

from samplemind_daemon.store import Store, leaving
from samplemind_daemon.store.blobs import Blobs, Copy
from samplemind_daemon.store.moments import now

UNSURE = timedelta(seconds=2)  # files have times that are a little coarser than the clock's


class Departures:
    """Sees bytes off that shall go."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store, self._blobs, self.look_seconds = store, blobs, blobs.look_seconds

    async def see_off(self) -> int:
        """Remove what shall go and nobody else has, or is about to have; how many files it were."""
        copies = await self._blobs.run(self._blobs.leaving)
        if not copies:
            return 0
        moment = now() - UNSURE  # what is kept from here on may be wanted by an upload that is not looked for
        wanted, gone = await self._store.read(leaving.wanted, list(copies)), 0
        for sha256, found in copies.items():
            if sha256 in wanted:
                await self._blobs.run(self._blobs.strike, sha256)
            else:
                gone += await self._blobs.run(self._remove, sha256, found, moment)
        return gone

    def _remove(self, sha256: str, copies: list[Copy], moment: datetime) -> int:
        """How many copies were removed; what was kept just now is looked at again later."""
        removed = sum(self._blobs.drop(copy, moment) for copy in copies)
        if not self._blobs.has(sha256):
            self._blobs.strike(sha256)
        return removed
