"""The crew: worker processes that hear files, so that a file that crashes or hangs costs itself only."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from samplemind_daemon.model import Catalogue, Descriptor, Lane, Media
from samplemind_daemon.work.cage import Cage
from samplemind_daemon.work.failures import CrewStopped, TaskFailed, TooMuchMemory, WorkerDied, WorkerStuck
from samplemind_daemon.work.hiring import Hiring
from samplemind_daemon.work.process import WorkerProcess
from samplemind_daemon.work.protocol import Done, Failed, Found, Message, Progress, Task
from samplemind_daemon.work.seats import Seats

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.25  # between two looks at the workers' memory and clocks

OnMessage = Callable[[Progress | Found], None]


@dataclass(frozen=True)
class Limits:
    """What a worker may take."""

    memory_bytes: int = 1_536 * 2**20
    grace_seconds: float = 30.0  # a task may take this long, ...
    pace: float = 10.0  # ... and this many seconds more for each second of sound
    quiet_seconds: float = 60.0  # without any sign of life
    halted_seconds: float = 10.0  # stopped by a signal, or by a debugger
    tasks: int = 500  # then a fresh process takes over


@dataclass(frozen=True)
class Heard:
    """What came of a task: what each analyzer found, and the media if the sound was needed."""

    media: Media | None
    found: dict[str, tuple[Descriptor, ...]]


@dataclass(frozen=True)
class CrewStatus:
    """How the crew is."""

    workers: int
    busy: int
    waiting: int
    respawns: int
    recycled: int


@dataclass(eq=False)
class Seat:
    """A place for one worker at a time."""

    lane: Lane
    nice: int
    worker: WorkerProcess | None = None
    busy: bool = False
    sound_seconds: float = 0.0  # of the sound that is heard now, as far as is known


class Crew:
    """A worker for each batch seat, and one that is kept for interactive tasks.

    To be started before any grpc server, and used from one event loop.
    """

    def __init__(
        self,
        workers: int,
        folder: Path | None = None,
        limits: Limits | None = None,
        *,
        interactive: int = 1,
        cage: Cage | None = None,
    ) -> None:
        batch = [Seat(Lane.BATCH, nice=10) for _ in range(workers)]
        self._seats = [*batch, *(Seat(Lane.INTERACTIVE, nice=5) for _ in range(interactive))]
        self._free: Seats[Seat] = Seats()
        self._hiring = Hiring(folder, cage=cage)
        self._limits = limits or Limits()
        self._chores: set[asyncio.Task[None]] = set()
        self._respawns = self._recycled = 0
        self._stopped = False

    @property
    def catalogue(self) -> Catalogue:
        """The plugins as the newest worker found them."""
        return self._hiring.catalogue

    async def start(self) -> None:
        """Have every seat taken by a worker that has loaded the plugins; CannotStart if none comes up."""
        first, *others = self._seats
        first.worker = await self._hiring.hire(first.nice)
        self._free.give(first)
        for seat in others:
            self._do(self._fill(seat))
        self._do(self._look_after())

    async def run(self, task: Task, lane: Lane = Lane.BATCH, on_message: OnMessage | None = None) -> Heard:
        """Have a file heard; TaskFailed, or one of its kinds, if that fails. To cancel it ends it at once."""
        if self._stopped:
            raise CrewStopped("the crew was stopped")
        seat = await self._free.take(lane)
        seat.busy = True
        try:
            return await self._hear(seat, task, on_message or (lambda message: None))
        finally:
            seat.busy = False
            self._free_again(seat)

    def status(self) -> CrewStatus:
        """How the crew is now."""
        alive = sum(seat.worker is not None and seat.worker.alive for seat in self._seats)
        busy = sum(seat.busy for seat in self._seats)
        return CrewStatus(alive, busy, self._free.waiting, self._respawns, self._recycled)

    async def look_for_plugins(self) -> None:
        """Where dropped-in plugins have come, gone or changed, replace every worker, busy ones once they are done."""
        await self._hiring.look()
        for seat in self._free.clear():
            self._free_again(seat)

    async def hire(self, nice: int, needed: tuple[str, ...] = ()) -> WorkerProcess:
        """A worker beside the crew, for whoever asks to have it gone; CannotStart if none comes up."""
        return await self._hiring.hire(nice, needed)

    async def stop(self) -> None:
        """End every worker, and with it whatever it is doing."""
        self._stopped = True
        self._free.stop()
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)
        await asyncio.gather(*(seat.worker.close() for seat in self._seats if seat.worker))

    async def _hear(self, seat: Seat, task: Task, on_message: OnMessage) -> Heard:
        worker, needed = seat.worker, (task.path, *task.attachments)
        if worker is None or not worker.alive or not self._hiring.is_up_to_date(worker):
            worker = await self._replace(seat, needed)
        elif not await asyncio.to_thread(_reaches, worker, needed):
            worker = await self._replace(seat, needed)  # the file's folder came after the cage was shut
        seat.sound_seconds = 0.0
        found: dict[str, tuple[Descriptor, ...]] = {}
        ended = False
        try:
            await worker.say(task)
            while True:
                match await _next(worker, task):
                    case Progress() as progress:
                        seat.sound_seconds = min(
                            max(progress.seconds, progress.expected or 0), task.longest_seconds
                        )
                        on_message(progress)
                    case Found() as one if one.analyzer in task.analyzers:
                        found[one.analyzer] = one.descriptors
                        on_message(one)
                    case Done(media):
                        ended = True
                        return Heard(media, found)
                    case Failed(reason, message):
                        ended = True
                        raise TaskFailed(reason, message, worker.tail)
                    case other:
                        raise WorkerDied(f"the worker said what no worker may say: {type(other).__name__}")
        finally:
            if not ended:
                worker.kill(WorkerDied("the task was cancelled"))

    def _free_again(self, seat: Seat) -> None:
        """Give the seat to the next task, with a fresh worker if this one is dead, old or out of date."""
        worker = seat.worker
        if self._stopped:
            return
        if worker is None or not worker.alive:
            self._respawns += 1
        elif worker.tasks >= self._limits.tasks or not self._hiring.is_up_to_date(worker):
            self._recycled += 1
        else:
            return self._free.give(seat)
        self._do(self._fill(seat))

    async def _fill(self, seat: Seat) -> None:
        """Put a fresh worker on a seat and give it to the next task; tried until it works."""
        delay = LOOK_SECONDS
        while True:
            try:
                await self._replace(seat)
                return self._free.give(seat)
            except TaskFailed as failed:
                log.error("no worker can be had", why=failed.message)
            await asyncio.sleep(delay)
            delay = min(2 * delay, 30.0)

    async def _replace(self, seat: Seat, needed: tuple[str, ...] = ()) -> WorkerProcess:
        old, seat.worker = seat.worker, None
        if old is not None:
            await old.close()
        seat.worker = await self._hiring.hire(seat.nice, needed)
        return seat.worker

    def _do(self, deed: Coroutine[Any, Any, None]) -> None:
        chore = asyncio.create_task(deed)
        self._chores.add(chore)
        chore.add_done_callback(self._chores.discard)

    async def _look_after(self) -> None:
        """Kill whoever takes too much memory, too long, or gives no sign of life."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for seat in self._seats:
                worker = seat.worker
                if worker and worker.alive and (verdict := self._verdict(seat, worker)):
                    worker.kill(verdict)

    def _verdict(self, seat: Seat, worker: WorkerProcess) -> TaskFailed | None:
        limits, now, memory = self._limits, time.monotonic(), worker.memory
        if memory > limits.memory_bytes:
            return TooMuchMemory(
                f"the worker took {memory / 2**20:,.0f} MiB of memory, and may take "
                f"{limits.memory_bytes / 2**20:,.0f}"
            )
        if worker.halted_seconds > limits.halted_seconds:
            return WorkerStuck(f"the worker was halted for {limits.halted_seconds:g} s")
        if not seat.busy:
            return None
        if now - worker.last_sign > limits.quiet_seconds:
            return WorkerStuck(f"the worker gave no sign of life for {limits.quiet_seconds:g} s")
        longest = limits.grace_seconds + limits.pace * seat.sound_seconds
        if now - worker.started > longest:
            return WorkerStuck(f"the worker did not finish within {longest:.0f} s")
        return None


async def _next(worker: WorkerProcess, task: Task) -> Message:
    """What the worker says next; where it ended, the failure knows which analyzer was at work."""
    try:
        return await worker.hear()
    except TaskFailed as failed:
        if 0 < (turn := worker.turn) <= len(task.analyzers):  # whatever a plugin may have written there
            failed.analyzer = task.analyzers[turn - 1]
        raise


def _reaches(worker: WorkerProcess, needed: tuple[str, ...]) -> bool:
    """Whether the worker's cage lets it read all of these files."""
    return all(map(worker.reaches, needed))
