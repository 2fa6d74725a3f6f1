"""What users do with their sounds: look them up, rename, take them out, delete them."""

import math
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from samplemind_daemon.library import names
from samplemind_daemon.library.downloads import Downloads
from samplemind_daemon.model import Audio
from samplemind_daemon.refusals import Invalid, NotFound
from samplemind_daemon.store import Database, Store, leaving, sounds
from samplemind_daemon.store.blobs import GRACE, Blobs
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.sounds import Clause, Listing
from samplemind_daemon.work.engine import Engine


class Sounds:
    """The sounds of all users."""

    def __init__(self, store: Store, blobs: Blobs, engine: Engine) -> None:
        self._store, self._blobs, self._engine = store, blobs, engine
        self._downloads, self._swept_at = Downloads(store, blobs), -math.inf

    async def get(self, user: str, id: str) -> Audio:
        """The user's sound; NotFound if there is none, or it is another's."""
        return _known(await self._store.read(sounds.find, user, id), id)

    async def list(self, user: str, listing: Listing, limit: int) -> tuple[list[Audio], int]:
        """Up to `limit` of the user's sounds, and how many match in all."""
        return await self._store.read(_page, user, listing, limit)

    async def count(self, user: str, clauses: tuple[Clause, ...]) -> int:
        """How many of the user's sounds match."""
        return await self._store.read(sounds.count, user, clauses)

    async def rename(self, user: str, id: str, name: str) -> Audio:
        """The sound under another name; Invalid if that is none."""
        clean = names.clean(name)
        if not clean:
            why = {"name": f"a name has 1 to {names.LONGEST} characters and no folder"}
            raise Invalid("INVALID_NAME", f"The sound cannot be named so: {why['name']}.", why)
        return _known(await self._store.write(sounds.rename, user, id, clean), id)

    async def delete(self, user: str, id: str) -> None:
        """Forget a sound, its jobs and its results. Its bytes go later, once nobody has had them for a day."""
        audio = await self.get(user, id)
        await self._blobs.run(
            self._blobs.retire, audio.sha256
        )  # first: where that cannot be noted, nothing is done
        await self._engine.cancel(user, id)
        await self._store.write(sounds.remove, user, id)

    async def read(self, user: str, id: str, offset: int = 0) -> AsyncGenerator[tuple[int, bytes], None]:
        """The sound's bytes from an offset on, as `Downloads.read` gives them."""
        audio = await self.get(user, id)
        if not 0 <= offset <= audio.size:
            why = {"offset": f"{offset} lies outside the {audio.size} bytes"}
            raise Invalid("INVALID_OFFSET", f"The sound cannot be read from there: {why['offset']}.", why)
        async with aclosing(self._downloads.read(audio, offset)) as pieces:
            async for piece in pieces:
                yield piece

    async def sweep_if_due(self) -> None:
        """Sweep, unless that was done a short while ago: to look through a bucket costs."""
        if time.monotonic() - self._swept_at >= self._blobs.sweep_seconds:
            self._swept_at = time.monotonic()
            await self.sweep()

    async def sweep(self) -> int:
        """Remove bytes that nobody has had for longer than the grace; how many files it were."""
        moment, swept = now() - GRACE, 0
        for folder in await self._blobs.run(self._blobs.folders):
            old = await self._blobs.run(self._blobs.old, folder, moment)
            wanted = await self._store.read(leaving.wanted, [copy.sha256 for copy in old])  # after the look
            for copy in old:
                if copy.is_spare or copy.sha256 not in wanted:
                    swept += await self._blobs.run(self._blobs.drop, copy, moment)
        return swept


def _page(db: Database, user: str, listing: Listing, limit: int) -> tuple[list[Audio], int]:
    return sounds.page(db, user, listing, limit), sounds.count(db, user, listing.clauses)


def _known(audio: Audio | None, id: str) -> Audio:
    if audio is None:
        raise NotFound("AUDIO_NOT_FOUND", f"There is no sound {id[:60]!r}.")
    return audio
