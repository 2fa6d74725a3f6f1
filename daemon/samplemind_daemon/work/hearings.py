"""One job, from its lease to its end: what must be heard is heard, and how it ended is written down."""

import asyncio
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import structlog

from samplemind_daemon.analysis.plan import attachments
from samplemind_daemon.failpoint import reach
from samplemind_daemon.model import OPEN, Audio, Descriptor, Lane, Lease, Media, Problem, Result
from samplemind_daemon.refusals import Refusal
from samplemind_daemon.store import Database, Store, files, jobs, results, sounds
from samplemind_daemon.store.blobs import Blobs
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.threads import Threads
from samplemind_daemon.tally import NOBODY, Tally
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.failures import (
    CannotStart,
    CrewStopped,
    TaskFailed,
    TooMuchMemory,
    WorkerDied,
    WorkerStuck,
)
from samplemind_daemon.work.live import Ended, Hearing, Live, Waiting
from samplemind_daemon.work.protocol import Found, Progress, Task
from samplemind_daemon.work.recipes import Recipe, Recipes

log = structlog.get_logger(__name__)

TRIES = 3  # where the plugins or the file change while a sound is heard
LATELY_SECONDS = 120.0  # that a changed file is waited for: its folder will take it in as it is then ...
SETTLING_SECONDS = 5.0  # ... before the next look, unless it is taken in sooner
SILENT_SECONDS = (
    5.0  # that the disk of a watch folder gets to answer; then the job waits, and others have its seat
)
MOST_LOOKS = 4  # at files in watch folders at a time


class NoWorker(Exception):
    """No worker could be had: the job is queued again, as if it had never been started."""


class Hearings:
    """Has sounds heard by the crew, one job at a time for whoever calls."""

    def __init__(
        self,
        store: Store,
        crew: Crew,
        blobs: Blobs,
        recipes: Recipes,
        live: Live,
        longest_seconds: float,
        tally: Tally = NOBODY,
    ) -> None:
        self._store, self._crew, self._blobs, self._tally = store, crew, blobs, tally
        self._recipes, self._live, self._longest = recipes, live, longest_seconds
        self._looks = Threads(MOST_LOOKS, "look")

    def close(self) -> None:
        """Look at no more files."""
        self._looks.close()

    async def hold(self, lease: Lease) -> None:
        """Do the job and write down how it ended, unless the lease is lost meanwhile.

        Raises NoWorker if nobody could hear it. To cancel it ends the hearing and writes nothing.
        """
        reach("job.begun")
        began = time.monotonic()
        try:
            await self._hear(lease)
        except (CannotStart, CrewStopped) as nobody:
            await self._store.write(jobs.put_back, lease)
            raise NoWorker(str(nobody)) from nobody
        except _Unsettled:
            await self._store.write(_wait, lease)
        except (WorkerDied, WorkerStuck, TooMuchMemory) as broke:
            _log(lease, broke)
            self._tally.broke(broke.analyzer)
            if broke.analyzer and lease.job.crashes >= len(jobs.PAUSES):  # there is no other try
                await self._store.write(jobs.keep, lease, *await self._others(lease, broke.analyzer))
            why = f"{broke.message} while {broke.analyzer} was at work" if broke.analyzer else broke.message
            await self._store.write(jobs.crash, lease, Problem(broke.reason, why))
        except TaskFailed as failed:
            await self._store.write(_fail, lease, Problem(failed.reason, failed.message))
        state = await self.tell(lease)
        seconds = time.monotonic() - began
        self._tally.ended(state, seconds)
        log.info("a job ended", state=state, seconds=round(seconds, 3))

    async def tell(self, lease: Lease) -> str:
        """Let the followers know that the job waits again, or is over; its state, "deleted" if it is no more."""
        job = await self._store.read(jobs.find, lease.job.user, lease.job.id)
        self._live.say(lease.job.audio, Waiting() if job is not None and job.state in OPEN else Ended())
        return job.state if job is not None else "deleted"

    async def _hear(self, lease: Lease) -> None:
        why = WorkerDied("the plugins, or the file, changed again and again")
        for _ in range(TRIES):
            audio, known = await self._store.read(_look, lease)
            if audio is None:
                return await self._store.write(_catch_up, lease)
            recipe = self._recipes.current
            fresh = [] if lease.job.everything else _fresh(recipe, known, audio.media)
            try:
                media, found = await self._find_out(audio, lease.job.lane, recipe, fresh)
            except _Again:
                continue
            reach("job.heard")
            await self._store.write(_complete, lease, media, found)
            reach("job.completed")
            return
        raise why

    async def _others(self, lease: Lease, culprit: str) -> tuple[Media | None, list[Result]]:
        """What all find that do not build upon the analyzer that breaks its workers."""
        audio, known = await self._store.read(_look, lease)
        recipe = self._recipes.current
        if audio is None or culprit not in recipe.registry:
            return None, []
        fresh = [] if lease.job.everything else _fresh(recipe, known, audio.media)
        try:
            return await self._find_out(audio, lease.job.lane, recipe, fresh, recipe.building_on(culprit))
        except (TaskFailed, CrewStopped, _Again, _Unsettled):
            return None, []  # there is more that is wrong with it

    async def _find_out(
        self,
        audio: Audio,
        lane: Lane,
        recipe: Recipe,
        fresh: list[Result],
        left_out: frozenset[str] = frozenset(),
    ) -> tuple[Media | None, list[Result]]:
        """What those analyzers find whose results are not fresh, and that are not left out."""
        for result in fresh:
            self._live.say(audio.id, result)
        needed = recipe.todo(frozenset(one.analyzer for one in fresh))
        todo = tuple(name for name in needed if name not in left_out)
        self._tally.spared(len(fresh), len(todo))
        if not todo:
            return None, []
        source = await self._source(audio)
        await self._check(source, audio)
        known = tuple(one for result in fresh for one in result.descriptors)
        settings = {name: recipe.settings[name] for name in todo}
        named = attachments(recipe.registry, settings)
        ids = {name: str(value) for name, value in structlog.contextvars.get_contextvars().items()}
        task = Task(os.fsdecode(source.path), todo, settings, known, self._longest, named, ids)
        try:
            heard = await self._crew.run(task, lane, partial(self._pass_on, audio.id, recipe))
        except TaskFailed as failed:
            await self._check(source, audio)
            if failed.reason == "NO_ANALYZER":
                raise _Again from failed
            raise
        await self._check(source, audio)
        return heard.media, [_result(recipe, *one) for one in heard.found.items()]

    async def _source(self, audio: Audio) -> files.Source:
        """Where the sound is now; TaskFailed if its bytes are nowhere."""
        try:
            return await self._store.read(files.source, self._blobs, audio)
        except Refusal as gone:
            raise TaskFailed("SOURCE_GONE", gone.message) from None

    async def _check(self, source: files.Source, audio: Audio) -> None:
        """TaskFailed if the file is not the one any more whose content the sound has, and will not be taken in."""
        if source.stamp is None:
            return
        stamp = await self._look_at(source)
        if stamp == source.stamp:
            return
        if await self._source(audio) != source:
            raise _Again
        if stamp is None:
            raise TaskFailed("SOURCE_GONE", f"The file {audio.name!r} is not in its folder any more.")
        if await self._looks.run(files.has_changed_lately, source.path, LATELY_SECONDS):
            raise _Unsettled
        raise TaskFailed("SOURCE_CHANGED", f"The file {audio.name!r} was changed since it was taken in.")

    async def _look_at(self, source: files.Source) -> files.Stamp | None:
        """The stamp of the file as it is now; None if it is not there. _Unsettled where its disk does not answer."""
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                return await self._looks.run(files.stamp, source.path)
        except TimeoutError:
            log.warning(
                "a disk does not answer: what is to be heard from it waits", path=os.fsdecode(source.path)
            )
            raise _Unsettled from None

    def _pass_on(self, audio: str, recipe: Recipe, message: Progress | Found) -> None:
        if isinstance(message, Progress):
            self._live.say(audio, Hearing(message.fraction))
        else:
            failed = any(one.status == "failed" for one in message.descriptors)
            self._tally.heard(message.analyzer, message.took_seconds, failed)
            if failed:
                log.warning("an analyzer failed", analyzer=message.analyzer, why=_why(message))
            with suppress(_Again):
                self._live.say(audio, _result(recipe, message.analyzer, message.descriptors))


class _Unsettled(Exception):
    """The file has just been changed and its folder has not taken it in yet, or its disk does not answer."""


class _Again(Exception):
    """The worker had other plugins than the recipe, or the file was taken in again meanwhile."""


def _look(db: Database, lease: Lease) -> tuple[Audio | None, list[Result]]:
    """The sound that the job is about, and what is known of its content."""
    audio = sounds.find(db, lease.job.user, lease.job.audio)
    if audio is None or audio.sha256 != lease.job.sha256:
        return None, []
    return audio, results.of(db, audio.sha256)


def _fresh(recipe: Recipe, known: list[Result], media: Media | None) -> list[Result]:
    names = recipe.fresh({one.analyzer: one.fingerprint for one in known}, media)
    return [one for one in known if one.analyzer in names]


def _catch_up(db: Database, lease: Lease) -> None:
    jobs.catch_up(db, lease)


def _complete(db: Database, lease: Lease, media: Media | None, found: Iterable[Result]) -> None:
    if not jobs.catch_up(db, lease):
        jobs.complete(db, lease, media, list(found))


def _wait(db: Database, lease: Lease) -> None:
    if not jobs.catch_up(db, lease):
        jobs.put_back(db, lease, now() + timedelta(seconds=SETTLING_SECONDS))


def _fail(db: Database, lease: Lease, problem: Problem) -> None:
    if not jobs.catch_up(db, lease):
        jobs.fail(db, lease, problem)


def _result(recipe: Recipe, analyzer: str, descriptors: tuple[Descriptor, ...]) -> Result:
    version = recipe.registry[analyzer].version
    if any(one.version != version for one in descriptors):
        raise _Again
    return Result(analyzer, version, recipe.fingerprints[analyzer], descriptors)


def _why(message: Found) -> str:
    return next((one.reason for one in message.descriptors if one.status == "failed"), "")


def _log(lease: Lease, broke: TaskFailed) -> None:
    log.warning(
        "a sound broke its worker",
        attempt=lease.job.attempts,
        reason=broke.reason, why=broke.message, stderr=broke.details,
    )  # fmt: skip
