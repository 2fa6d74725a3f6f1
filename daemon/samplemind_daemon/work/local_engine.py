"""The engine of one machine: takes jobs from the database while its own crew has room, and never loses one."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import structlog
from structlog.contextvars import bind_contextvars

from samplemind_daemon.model import Job, Lane, Lease
from samplemind_daemon.origin import ORIGIN
from samplemind_daemon.refusals import Exhausted, Unavailable
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Database, Store, jobs
from samplemind_daemon.store.blobs import Blobs
from samplemind_daemon.tally import NOBODY, Tally
from samplemind_daemon.work.books import Books
from samplemind_daemon.work.crew import Crew, CrewStatus
from samplemind_daemon.work.hearings import Hearings
from samplemind_daemon.work.lanes import Lanes
from samplemind_daemon.work.live import Ended, Endings, Follower, Live
from samplemind_daemon.work.outcome import Broke, Outdated, Unheard
from samplemind_daemon.work.recipes import Recipes
from samplemind_daemon.work.rest import Rest
from samplemind_daemon.work.sources import Sources

log = structlog.get_logger(__name__)

POLL_SECONDS = 5.0  # the longest that the engine waits without a look at the database
RENEW_SECONDS = 3.0  # between renewals of the leases that are held
END_SECONDS = 2.0  # that a cancelled job gets to let go of its worker
TRIES = 3  # where the plugins or the file change while a sound is heard
CHANGES = Broke("WORKER_DIED", "the plugins, or the file, changed again and again")


@dataclass(frozen=True)
class Running:
    """A job at work."""

    lease: Lease
    task: asyncio.Task[None]


class LocalEngine:
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
        self._store, self._crew, self._recipes, self._tally = store, crew, recipes, tally
        self._live, self._sources = Live(), Sources(store, blobs)
        self._books = Books(store, recipes, self._live.say, settings.longest_hours * 3600, tally)
        self._hearings = Hearings(crew, self._sources, tally)
        self._running: dict[str, Running] = {}  # by the lease's token
        self._work = asyncio.Event()
        self._lanes, self._rest = Lanes(settings.workers), Rest()
        self._draining = False
        self.requeued = 0
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

    def status(self) -> CrewStatus:
        """How the crew is."""
        return self._crew.status()

    async def spread(self, wake: Callable[[set[str]], None]) -> Callable[[set[str]], None]:
        """There are no other daemons: `wake` itself."""
        return wake

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
        self._sources.close()
        self._live.close()

    async def _put_back(self, running: Running) -> None:
        running.task.cancel()
        await asyncio.wait([running.task], timeout=END_SECONDS)
        await self._books.put_back(running.lease)

    async def _take(self) -> None:
        """Take jobs for as long as there is room, then wait for either."""
        while not self._draining:
            self._work.clear()
            seconds = POLL_SECONDS
            try:
                await self._fill()
                seconds = min(seconds, await self._store.read(seconds_to_next, POLL_SECONDS))
            except Exception:
                log.exception("no job could be taken")
                self._rest.begin()
            await within(self._work, self._rest.seconds_left or seconds)

    async def _fill(self) -> None:
        while not self._rest.seconds_left and not self._draining and (lanes := self._lanes.free()):
            lease = await self._store.write(jobs.claim, lanes)
            if lease is None:
                if Lane.BATCH in lanes:
                    self._lanes.feed()
                return
            self._lanes.take(lease.job.lane)
            task = asyncio.create_task(self._run(lease))
            self._running[lease.token] = Running(lease, task)
            # Not at its end by the task itself: one that is cancelled before its first step has no end of its own.
            task.add_done_callback(partial(self._forget, lease))

    async def _run(self, lease: Lease) -> None:
        origin = self._store.origin(lease.job.id)
        ORIGIN.set(origin.step())
        bind_contextvars(**origin.ids, job=lease.job.id, audio=lease.job.audio)
        try:
            await self._do(lease)
            self._rest.forget()
        except NoWorker as nobody:
            log.error("no worker can be had", why=str(nobody))
            self._rest.begin()
        except (Exhausted, Unavailable) as full:  # no fault of the sound
            log.error("what was heard could not be kept", why=full.message)
            self._rest.begin()
            await self._books.put_back(lease)
        except Exception as bug:
            log.exception("a job went wrong")
            self._rest.begin()
            await self._books.give_up(lease, bug)

    async def _do(self, lease: Lease) -> None:
        """Do the job and write down how it ended, unless the lease is lost meanwhile.

        Raises NoWorker if nobody could hear it. To cancel it ends the hearing and writes nothing.
        """
        for _ in range(TRIES):
            order = await self._books.begin(lease, ORIGIN.get() or self._store.origin(lease.job.id))
            if order is None:
                return
            outcome = await self._hearings.hear(order, partial(self._live.say, order.audio))
            if isinstance(outcome, Outdated):
                continue
            await self._books.enter(lease, outcome)
            if isinstance(outcome, Unheard):
                raise NoWorker(outcome.why)
            return
        await self._books.enter(lease, CHANGES)

    def _forget(self, lease: Lease, _: "asyncio.Task[None]") -> None:
        """A job is at work no more: there is room for another."""
        self._running.pop(lease.token, None)
        self._lanes.give(lease.job.lane)
        self.wake()

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


class NoWorker(Exception):
    """No worker could be had: the job is queued again, as if it had never been started."""


def seconds_to_next(db: Database, most: float) -> float:
    """Until the next job that waits for a time may start, `most` at most."""
    due = jobs.next_due(db)
    return min(most, max(0.0, (due - datetime.now(UTC)).total_seconds())) if due else most


async def within(news: asyncio.Event, seconds: float) -> None:
    """Wait until something happens, for so long at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await news.wait()


def _gone(db: Database, ids: Collection[str]) -> set[str]:
    """Which of these jobs are no more: another program has removed their sounds."""
    return set(ids) - jobs.known(db, ids)


def _renew(db: Database, tokens: Collection[str]) -> int:
    jobs.extend(db, tokens)
    return jobs.recover(db) + jobs.follow_clock(db)
