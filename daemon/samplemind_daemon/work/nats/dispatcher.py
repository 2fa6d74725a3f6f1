"""The dispatcher: keeps the next jobs of each lane published, in the order of their turns."""

import asyncio
import json
import time
from collections.abc import Callable

import nats.errors
import structlog

from samplemind_daemon.model import Lane
from samplemind_daemon.store import Database, Store, queue
from samplemind_daemon.store.moments import now
from samplemind_daemon.work.local_engine import seconds_to_next, within
from samplemind_daemon.work.nats.stream import Stream
from samplemind_daemon.work.rest import Rest

log = structlog.get_logger(__name__)

POLL_SECONDS = 3.0  # the longest without a look at the database
AGAIN_SECONDS = 10.0  # then what still waits is published again, in case that it was lost
PAUSE_SECONDS = 0.02  # between two looks, however often it is woken
AHEAD = 2  # jobs that are published for each seat of the workers: who comes later waits behind no more ...
FEWEST = 8  # ... and so many at least


class Dispatcher:
    """Publishes what is due. `seats` says how many jobs can be at work at a time."""

    def __init__(self, store: Store, stream: Stream, seats: Callable[[], int]) -> None:
        self._store, self._stream, self._seats = store, stream, seats
        self._published: dict[str, float] = {}  # when, by job: those that still wait
        self._news, self._rest, self._away = asyncio.Event(), Rest(), Rest(POLL_SECONDS)
        self._task: asyncio.Task[None] | None = None
        self._ending = False

    async def start(self) -> None:
        """Begin."""
        await self._make_stream()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Publish nothing more."""
        self._ending = True
        self._news.set()
        if self._task is not None:
            await self._task

    def wake(self) -> None:
        """There may be new jobs, or others are the next now."""
        self._news.set()

    def forget(self, job: str) -> None:
        """The job's message is used up."""
        self._published.pop(job, None)
        self.wake()

    def distrust(self) -> None:
        """All messages may be lost."""
        self._published.clear()
        self.wake()

    def give_up(self, advisory: bytes) -> None:
        """Remove a message that was given out as often as it may be; it is published anew if it is still to be."""
        try:
            sequence = int(json.loads(advisory)["stream_seq"])
        except (ValueError, TypeError, KeyError):
            return
        log.error("a job was offered again and again, and no worker takes it")
        asyncio.get_running_loop().create_task(self._remove(sequence))

    async def _remove(self, sequence: int) -> None:
        try:
            await self._stream.remove(sequence)
        except (nats.errors.Error, OSError) as error:
            log.warning("a message that nobody takes could not be removed", why=str(error))
        self.distrust()

    async def _run(self) -> None:
        while not self._ending:
            self._news.clear()
            seconds = POLL_SECONDS
            try:
                await self._publish()
                seconds = await self._store.read(seconds_to_next, POLL_SECONDS)
                self._rest.forget()
                self._away.forget()
            except (nats.errors.Error, OSError) as error:
                log.warning("jobs cannot be published now", why=f"{type(error).__name__} {error}".strip())
                await self._make_stream()
            except Exception:
                log.exception("no job could be published")
                self._rest.begin()
            await asyncio.sleep(PAUSE_SECONDS)
            await within(self._news, self._rest.seconds_left or self._away.seconds_left or seconds)

    async def _publish(self) -> None:
        due = await self._store.read(_due, max(FEWEST, AHEAD * self._seats()))
        known, moment = self._published, time.monotonic()
        waiting = {job for job, _ in due}
        self._published = {
            job: at for job, at in known.items() if job in waiting and moment - at < AGAIN_SECONDS
        }
        for job, lane in due:
            if job not in self._published:
                await self._stream.put(lane, job)
                self._published[job] = moment

    async def _make_stream(self) -> None:
        """NATS was away, or has lost all that it had."""
        self._published.clear()
        try:
            await self._stream.ensure()
            self.wake()
        except (nats.errors.Error, OSError) as error:
            log.warning(
                "the stream of jobs cannot be made now", why=f"{type(error).__name__} {error}".strip()
            )
            self._away.begin()


def _due(db: Database, most: int) -> list[tuple[str, Lane]]:
    moment = now()
    return [(job, lane) for lane in Lane for job in queue.due(db, lane, moment, most)]
