"""Having sounds analysed now, and looking up what was found."""

from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from samplemind_daemon.analysis.corrected import affected, corrected, needed
from samplemind_daemon.analysis.evidence import ANALYZER, evidence
from samplemind_daemon.library.asking import ask, first_made, room_for_one
from samplemind_daemon.model import OPEN, Audio, Correction, Job, Lane, Result, State
from samplemind_daemon.refusals import NotFound, Unavailable, Untimely
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Database, Store, corrections, jobs, results, sounds
from samplemind_daemon.work.engine import Engine
from samplemind_daemon.work.live import Closed, Follower, Hearing, Waiting
from samplemind_daemon.work.recipes import Recipes

METHOD = "/samplemind.v1.AnalysisService/Analyze"
LOOK_SECONDS = 2.0  # the longest that a stream goes without a look at the database
AT_A_TIME = 20  # analyses in memory


@dataclass(frozen=True)
class Analysis:
    """All that was heard in a sound, that its file and its user say of it, and its latest job if there was one."""

    audio: Audio
    results: tuple[Result, ...]
    job: Job | None


@dataclass(frozen=True)
class Queued:
    """The sound waits; `ahead` jobs stand before it."""

    job: Job
    ahead: int


Update = Queued | Hearing | Result | Analysis


class Analyses:
    """The analyses of all users."""

    def __init__(self, store: Store, engine: Engine, recipes: Recipes, settings: Settings) -> None:
        self._store, self._engine, self._recipes = store, engine, recipes
        self._most = settings.max_open_jobs

    async def analyze(
        self, user: str, id: str, request: str = "", lane: Lane = Lane.INTERACTIVE
    ) -> AsyncGenerator[Update, None]:
        """What happens to a sound until it is done, ahead of all batches; the whole Analysis comes last.

        What is known and fresh is answered at once, what corrections change at the end. To leave does not end
        the job. Raises NotFound if the user has no such sound, Exhausted past the user's jobs, Unavailable when
        the daemon ends.
        """
        said: set[str] = set()
        with self._engine.follow(id) as follower:
            job = await self._ask(user, id, request, lane)
            later = affected(await self._store.read(corrections.of, id))
            async for update in self._follow(job, follower):
                if isinstance(update, Result):
                    said.add(update.analyzer)
                    heard = tuple(one for one in update.descriptors if one.name not in later)
                    update = replace(update, descriptors=heard)
                yield update
        analysis = await self.get(user, id)
        if analysis.audio.state is State.COMPLETED:
            for result in analysis.results:
                if result.analyzer not in said:
                    yield result
        yield analysis

    async def get(self, user: str, id: str) -> Analysis:
        """All that is known of a sound; NotFound if the user has no such one."""
        return await self._store.read(_get, user, id)

    async def some(
        self, user: str, ids: Sequence[str], names: Collection[str] | None = None, at_a_time: int = AT_A_TIME
    ) -> AsyncGenerator[Analysis, None]:
        """The analyses of those of these sounds that there are, in this order, read as they are asked for.

        Whole, or with names at least what `results.of_many` has by them; up to 500 `at_a_time`.
        """
        for start in range(0, len(ids), at_a_time):
            for analysis in await self._store.read(_some, user, ids[start : start + at_a_time], names):
                yield analysis

    async def page(
        self, user: str, listing: sounds.Listing, limit: int, names: Collection[str] | None = None
    ) -> AsyncGenerator[Analysis, None]:
        """Up to `limit` analyses, read as they are asked for: whole, or as `results.of_many` does with names."""
        while limit > 0:
            some = await self._store.read(_page, user, listing, min(limit, AT_A_TIME), names)
            for analysis in some:
                yield analysis
            if len(some) < AT_A_TIME:
                return
            limit -= len(some)
            listing = replace(listing, after=sounds.position(some[-1].audio, listing.order))

    async def cancel(self, user: str, id: str) -> Job:
        """The sound's job, cancelled now or ended before it could be; Untimely if there never was one."""
        job = await self._engine.cancel(user, id) or (await self.get(user, id)).job
        if job is None:
            raise Untimely("NO_JOB", "This sound has never been queued.")
        return job

    async def reanalyze(self, user: str, id: str, job: str, everything: bool) -> Job:
        """A job, of this id if it is a new one, that makes what is stale again, or everything."""
        queued = await self._store.write(_requeue, user, id, job, everything, self._most)
        self._engine.wake()
        return queued

    async def _ask(self, user: str, id: str, request: str, lane: Lane) -> Job:
        began = await self._store.write(first_made, user, request, METHOD)
        recipe = self._recipes.current
        asked = await self._store.write(ask, user, [id], lane, began, recipe, self._most)
        if id not in asked:
            raise no_sound(id)
        self._engine.wake()
        return asked[id]

    async def _follow(self, job: Job, follower: Follower) -> AsyncGenerator[Queued | Hearing | Result, None]:
        """What happens to a job until it is over."""
        known: Job | None = job
        ahead = -1
        while known is not None and known.state in OPEN:
            before, ahead = ahead, await self._store.read(jobs.ahead, known)
            if known.state is State.QUEUED and ahead != before:
                yield Queued(known, ahead)
            update = await follower.next(LOOK_SECONDS)
            while isinstance(update, (Hearing, Result)):
                yield update
                update = await follower.next(LOOK_SECONDS)
            if isinstance(update, Closed):
                raise going_down()
            if isinstance(update, Waiting):
                ahead = -1
            known = await self._store.read(jobs.find, job.user, job.id)


def no_sound(id: str) -> NotFound:
    """The refusal of a sound that the user does not have."""
    return NotFound("AUDIO_NOT_FOUND", f"There is no sound {id[:60]!r}.")


def going_down() -> Unavailable:
    """The refusal to wait any longer in a daemon that ends; what was accepted is done by the next one."""
    return Unavailable("GOING_DOWN", "The daemon is going down; ask again soon.", retry_seconds=1)


def _get(db: Database, user: str, id: str) -> Analysis:
    audio = sounds.find(db, user, id)
    if audio is None:
        raise no_sound(id)
    said = corrections.of(db, id)
    return _analysis(audio, results.of(db, audio.sha256), jobs.latest_on(db, id), said)


def _page(
    db: Database, user: str, listing: sounds.Listing, limit: int, names: Collection[str] | None
) -> list[Analysis]:
    return of_sounds(db, sounds.page(db, user, listing, limit), names)


def _some(db: Database, user: str, ids: Sequence[str], names: Collection[str] | None) -> list[Analysis]:
    known = sounds.find_many(db, user, ids)
    return of_sounds(db, [known[id] for id in ids if id in known], names)


def of_sounds(db: Database, audios: Sequence[Audio], names: Collection[str] | None) -> list[Analysis]:
    """What is known of up to 500 sounds: whole, or with names at least what `results.of_many` has by them."""
    said = corrections.of_many(db, [one.id for one in audios])
    wanted = needed(names) if names and said else names
    found = results.of_many(db, [one.sha256 for one in audios], wanted)
    last = jobs.latest_on_many(db, [one.id for one in audios])
    return [
        _analysis(one, found.get(one.sha256, ()), last.get(one.id), said.get(one.id, ())) for one in audios
    ]


def _analysis(
    audio: Audio, heard: Iterable[Result], job: Job | None, said: Sequence[Correction] = ()
) -> Analysis:
    """What was heard, and what the file says: that belongs to its name too, so it is not kept with its bytes."""
    file = evidence(audio.name, audio.media)
    known = (*heard, *([Result(ANALYZER, 1, "", file)] if file else ()))
    return Analysis(audio, corrected(known, said, audio.media.seconds if audio.media else 0.0), job)


def _requeue(db: Database, user: str, id: str, job: str, everything: bool, most: int) -> Job:
    audio = sounds.find(db, user, id)
    if audio is None:
        raise no_sound(id)
    if jobs.open_on(db, id) is None:
        room_for_one(jobs.count_open(db, user), most)
    return jobs.add(db, audio, Lane.BATCH, everything, job)
