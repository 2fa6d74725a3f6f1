"""Housekeeping: what is past keeping goes, a little at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import structlog

from samplemind_daemon.access import Access
from samplemind_daemon.library.departures import Departures
from samplemind_daemon.library.sounds import Sounds
from samplemind_daemon.library.uploads import Uploads
from samplemind_daemon.library.writing import Writes
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, answers, catalogue, events, results
from samplemind_daemon.store.moments import now
from samplemind_daemon.work.allocation import give_holes_back

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 600.0  # between two rounds
TRIM_SECONDS = 60.0  # between two times that freed memory is given back to the system
STEP = 500  # rows in one transaction: the writer is for everybody


class Housekeeping:
    """Forgets old events, answers, sessions and uploads, frees what belongs to nothing, and fills the catalogue."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        access: Access,
        sounds: Sounds,
        uploads: Uploads,
        departures: Departures,
        writes: Writes,
    ) -> None:
        self._store, self._kept = store, timedelta(days=settings.events_days)
        self._chores: dict[str, Callable[[], Awaitable[object]]] = {
            "catalogue": self._enter,
            "profiles": self._profile,
            "uploads": uploads.tidy,
            "blobs": sounds.sweep_if_due,
            "writes": writes.tidy,
            "events": self._forget_events,
            "answers": self._forget_answers,
            "sessions": access.forget,
        }
        self._departures = departures
        self._rounds: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin the first round, beside everything else."""
        rounds = (self._keep_house(), self._see_off(), self._trim())
        self._rounds = [asyncio.create_task(one) for one in rounds]

    async def stop(self) -> None:
        """Leave the rest for another day."""
        for one in self._rounds:
            one.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)

    async def tidy(self) -> None:
        """One round. A chore that fails keeps no other from being done."""
        for name, chore in self._chores.items():
            try:
                await chore()
            except Exception:
                log.exception("housekeeping failed; it is tried again in the next round", chore=name)

    async def _keep_house(self) -> None:
        while True:
            await self.tidy()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _see_off(self) -> None:
        while True:
            try:
                await self._departures.see_off()
            except Exception:
                log.exception("bytes of a removed account could not be removed; it is tried again")
            await asyncio.sleep(self._departures.look_seconds)

    async def _trim(self) -> None:
        while True:
            await asyncio.sleep(TRIM_SECONDS)
            await asyncio.to_thread(give_holes_back)

    async def _enter(self) -> None:
        """Enter the sounds of an earlier SampleMind in the catalogue."""
        last = ""
        while found := await self._store.read(catalogue.missing, last):
            await self._store.write(catalogue.refresh, found)
            last = found[-1]

    async def _profile(self) -> None:
        """Keep what sounds are compared by that an earlier SampleMind heard."""
        while await self._store.write(results.profile) == results.STEP:
            await asyncio.sleep(0)

    async def _forget_events(self) -> None:
        before = now() - self._kept
        await _in_steps(partial(self._store.write, events.forget, before, STEP))

    async def _forget_answers(self) -> None:
        await _in_steps(partial(self._store.write, answers.forget, STEP))


async def _in_steps(forget: Callable[[], Awaitable[int]]) -> None:
    while await forget() == STEP:
        await asyncio.sleep(0)
