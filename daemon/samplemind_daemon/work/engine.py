"""The engine: takes jobs from the database while there are workers for them, and never loses one."""

import asyncio
import time
from collections.abc import Collection
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import structlog
from structlog.contextvars import bind_contextvars

from samplemind_daemon.model import Job, Lane, Lease, Problem
from samplemind_daemon.origin import ORIGIN
from samplemind_daemon.refusals import Exhausted, Unavailable
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Database, Store, jobs
from samplemind_daemon.store.blobs import Blobs
from samplemind_daemon.tally import NOBODY, Tally
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.hearings import Hearings, NoWorker
from samplemind_daemon.work.live import Ended, Endings, Follower, Live
from samplemind_daemon.work.recipes import Recipes

log = structlog.get_logger(__name__)

POLL_SECONDS = 5.0  # the longest that the engine waits without a look at the database
RENEW_SECONDS = 3.0  # between renewals of the leases that are held
REST_SECONDS = 1.0  # after something went wrong that no job is to blame for ...
LONGEST_REST_SECONDS = 30.0  # ... again and again
HUNGRY_SECONDS = (
    10.0  # that a batch may wait behind those who are waited for; then one of its jobs goes first
)
END_SECONDS = 2.0  # that a cancelled job gets to let go of its worker


@dataclass(frozen=True)
class Running:
    """A job at work."""

    lease: Lease
    task: asyncio.Task[None]


class Engine:
    """Has the jobs of the database done by the crew: as many batch jobs at a time as it has seats for
    them, and interactive ones beside and before them.
    """

    def __init__(
        self,
        store: Store,
        crew: Crew,
        blobs: Blobs,
        recipes: Recipes,
        settings: Settings,
        tally: Tally = NOBODY,
    ) -> None:
        self._store, self._crew, self._recipes = store, crew, recipes
        self._batch_seats = settings.workers
        self._live = Live()
        longest = settings.longest_hours * 3600
        self._hearings = Hearings(store, crew, blobs, recipes, self._live, longest, tally)
        self._tally = tally
        self._running: dict[str, Running] = {}  # by the lease's token
        self._work = asyncio.Event()
        self._rest_seconds = self._rest_until = 0.0
        self._fed_at = time.monotonic()  # when a batch job was last at work, or none was waiting
        self._draining = False
        self.requeued = 0  # jobs that the last daemon had left in work
        self._taking: asyncio.Task[None] | None = None
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Queue again what a dead daemon left in work, and begin to take jobs."""
        await self._recipes.refresh()
        self.requeued = await self._store.write(jobs.recover, False)
        await self._store.write(jobs.follow_clock)
        self._taking = asyncio.create_task(self._take())
        self._keeping = asyncio.create_task(self._keep())

    def wake(self) -> None:
        """There may be new jobs."""
        self._work.set()

    def follow(self, audio: str) -> AbstractContextManager[Follower]:
        """What happens to a sound from now on, live, for as long as the context lasts."""
        return self._live.follow(audio)

    def await_ends(self, audios: Collection[str]) -> AbstractContextManager[Endings]:
        """Which of many sounds are over from now on, for as long as the context lasts."""
        return self._live.await_ends(audios)

    def let_go(self) -> None:
        """Tell all who follow that nothing more will come: the daemon is going down."""
        self._live.close()

    async def cancel(self, user: str, audio: str) -> Job | None:
        """End the user's open job on a sound, and the worker that is at it; None if there is no open job."""
        job = await self._store.write(jobs.cancel, user, audio)
        if job is None:
            return None
        for running in [one for one in self._running.values() if one.lease.job.id == job.id]:
            running.task.cancel()
            await asyncio.wait([running.task], timeout=END_SECONDS)
        self._live.say(audio, Ended())
        self._tally.ended(job.state, 0.0)
        return job

    async def drain(self, seconds: float) -> None:
        """Take no more jobs, give those at work so long, and queue the rest again as if never started."""
        self._draining = True
        self.wake()
        if self._taking is not None:
            await self._taking
        if tasks := [one.task for one in self._running.values()]:
            await asyncio.wait(tasks, timeout=seconds)
        await asyncio.gather(*map(self._put_back, list(self._running.values())))
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        self._hearings.close()
        self._live.close()

    async def _put_back(self, running: Running) -> None:
        running.task.cancel()
        await asyncio.wait([running.task], timeout=END_SECONDS)
        await self._let_wait(running.lease)

    async def _let_wait(self, lease: Lease) -> None:
        """Queue a job again as if never started; if not even that works, its lease runs out."""
        try:
            await self._store.write(jobs.put_back, lease)
        except Exception:
            log.exception("a job could not be queued again now; it will be, later", job=lease.job.id)

    async def _take(self) -> None:
        """Take jobs for as long as there is room, then wait for either."""
        while not self._draining:
            self._work.clear()
            seconds = POLL_SECONDS
            try:
                await self._fill()
                seconds = min(seconds, await self._store.read(_seconds_to_next))
            except Exception:
                log.exception("no job could be taken")
                self._rest()
            resting = self._rest_until - time.monotonic()
            await _within(self._work, resting if resting > 0 else seconds)

    async def _fill(self) -> None:
        while time.monotonic() >= self._rest_until and not self._draining and (lanes := self._lanes()):
            lease = await self._store.write(jobs.claim, lanes)
            if lease is None:
                self._fed_at = time.monotonic() if Lane.BATCH in lanes else self._fed_at
                return
            task = asyncio.create_task(self._run(lease))
            self._running[lease.token] = Running(lease, task)
            # Not at its end by the task itself: one that is cancelled before its first step has no end of its own.
            task.add_done_callback(partial(self._forget, lease))

    def _lanes(self) -> list[Lane]:
        """The queues that there is room for, the first one first: who is waited for may fill every seat, batches
        all but one.
        """
        batch = sum(one.lease.job.lane is Lane.BATCH for one in self._running.values())
        interactive = len(self._running) - batch
        lanes = [Lane.INTERACTIVE] if interactive < self._batch_seats + 1 else []
        if batch < self._batch_seats and len(self._running) < self._batch_seats + 1:
            hungry = not batch and time.monotonic() - self._fed_at > HUNGRY_SECONDS
            lanes.insert(0 if hungry else 1, Lane.BATCH)
        return lanes

    async def _run(self, lease: Lease) -> None:
        origin = self._store.origin(lease.job.id)
        ORIGIN.set(origin.step())
        bind_contextvars(**origin.ids, job=lease.job.id, audio=lease.job.audio)
        try:
            await self._hearings.hold(lease)
            self._rest_seconds = 0.0
        except NoWorker as nobody:
            log.error("no worker can be had", why=str(nobody))
            self._rest()
        except (Exhausted, Unavailable) as full:  # no fault of the sound
            log.error("what was heard could not be kept", why=full.message)
            self._rest()
            await self._let_wait(lease)
        except Exception as bug:
            log.exception("a job went wrong")
            self._rest()
            await self._give_up(lease, bug)

    def _forget(self, lease: Lease, _: "asyncio.Task[None]") -> None:
        """A job is at work no more: there is room for another."""
        self._running.pop(lease.token, None)
        if lease.job.lane is Lane.BATCH:
            self._fed_at = time.monotonic()
        self.wake()

    async def _give_up(self, lease: Lease, bug: Exception) -> None:
        """Count it as a crash, so that no job is tried for ever; if not even that works, its lease runs out."""
        problem = Problem("INTERNAL", f"It could not be done here: {type(bug).__name__}.")
        try:
            await self._store.write(jobs.crash, lease, problem)
            self._tally.ended(await self._hearings.tell(lease), 0.0)
        except Exception:
            log.exception("how a job went wrong could not be kept", job=lease.job.id)

    def _rest(self) -> None:
        """Take no job for a while, twice as long each time in a row."""
        self._rest_seconds = min(max(REST_SECONDS, 2 * self._rest_seconds), LONGEST_REST_SECONDS)
        self._rest_until = time.monotonic() + self._rest_seconds

    async def _stop_what_is_gone(self) -> None:
        """Free the workers whose jobs are no more."""
        at_work = list(self._running.values())
        gone = await self._store.read(_gone, [one.lease.job.id for one in at_work])
        for one in at_work:
            if one.lease.job.id in gone:
                one.task.cancel()

    async def _keep(self) -> None:
        """Renew the leases that are held, queue again what others lost, and see to new plugins and changed files."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                if await self._store.write(_renew, list(self._running)):
                    self.wake()
                await self._stop_what_is_gone()
                await self._crew.look_for_plugins()
                await self._recipes.look()
            except Exception:
                log.exception("the leases could not be renewed")


def _gone(db: Database, ids: Collection[str]) -> set[str]:
    """Which of these jobs are no more: another program has removed their sounds."""
    return set(ids) - jobs.known(db, ids)


def _renew(db: Database, tokens: Collection[str]) -> int:
    jobs.extend(db, tokens)
    return jobs.recover(db) + jobs.follow_clock(db)


def _seconds_to_next(db: Database) -> float:
    due = jobs.next_due(db)
    return max(0.0, (due - datetime.now(UTC)).total_seconds()) if due else POLL_SECONDS


async def _within(news: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await news.wait()
