"""The books: what the database says of a job, and how its outcome is written into it. Nothing is heard here."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from samplemind_daemon.analysis.plan import attachments, sources
from samplemind_daemon.failpoint import reach
from samplemind_daemon.model import OPEN, Audio, Lease, Media, Problem, Result
from samplemind_daemon.origin import Origin
from samplemind_daemon.store import Database, Store, jobs, results, sounds
from samplemind_daemon.store.moments import now
from samplemind_daemon.tally import NOBODY, Tally
from samplemind_daemon.work.live import Ended, Update, Waiting
from samplemind_daemon.work.order import Order, Part
from samplemind_daemon.work.outcome import Broke, Failed, Heard, Outcome, Outdated, Unheard, Unsettled
from samplemind_daemon.work.recipes import Recipe, Recipes

log = structlog.get_logger(__name__)

SETTLING_SECONDS = 5.0  # before the next look at a file that was changed, unless it is taken in sooner


class Books:
    """Orders are made here and outcomes entered; `say` is told what that means to those who follow a sound."""

    def __init__(
        self,
        store: Store,
        recipes: Recipes,
        say: Callable[[str, Update], None],
        longest_seconds: float,
        tally: Tally = NOBODY,
    ) -> None:
        self._store, self._recipes, self._say = store, recipes, say
        self._longest, self._tally = longest_seconds, tally

    async def begin(self, lease: Lease, origin: Origin) -> Order | None:
        """What the job takes; None if it takes nothing any more, which is written down then."""
        reach("job.begun")
        audio, known = await self._store.read(_look, lease)
        if audio is None:
            await self._store.write(jobs.catch_up, lease)
            await self.tell(lease)
            return None
        recipe = self._recipes.current
        fresh = [] if lease.job.everything else _fresh(recipe, known, audio.media)
        for result in fresh:
            self._say(audio.id, result)
        todo = recipe.todo(frozenset(one.analyzer for one in fresh))
        self._tally.spared(len(fresh), len(todo))
        if not todo:
            await self.enter(lease, Heard(None, ()))
            return None
        return self._order(lease, audio, recipe, todo, fresh, origin)

    async def enter(self, lease: Lease, outcome: Outcome) -> str:
        """Write down what came of the job, unless the lease is lost; the state that the job is in now."""
        if isinstance(outcome, Heard):
            reach("job.heard")
        await self._store.write(_enter, lease, outcome)
        if isinstance(outcome, Heard):
            reach("job.completed")
        state = await self.tell(lease)
        began = lease.job.started_at or now()
        seconds = max(0.0, (now() - began).total_seconds())
        self._tally.ended(state, seconds)
        log.info("a job ended", state=state, seconds=round(seconds, 3))
        return state

    async def give_up(self, lease: Lease, bug: Exception) -> None:
        """Count what went wrong as a crash, so that no job is tried for ever; if not even that works, its lease
        runs out.
        """
        problem = Problem("INTERNAL", f"It could not be done here: {type(bug).__name__}.")
        try:
            await self._store.write(jobs.crash, lease, problem)
            self._tally.ended(await self.tell(lease), 0.0)
        except Exception:
            log.exception("how a job went wrong could not be kept", job=lease.job.id)

    async def put_back(self, lease: Lease) -> None:
        """Queue a job again as if never started; if not even that works, its lease runs out."""
        try:
            await self._store.write(jobs.put_back, lease)
        except Exception:
            log.exception("a job could not be queued again now; it will be, later", job=lease.job.id)

    async def tell(self, lease: Lease) -> str:
        """Let the followers know that the job waits again, or is over; its state, "deleted" if it is no more."""
        job = await self._store.read(jobs.find, lease.job.user, lease.job.id)
        self._say(lease.job.audio, Waiting() if job is not None and job.state in OPEN else Ended())
        return job.state if job is not None else "deleted"

    def _order(
        self,
        lease: Lease,
        audio: Audio,
        recipe: Recipe,
        todo: tuple[str, ...],
        fresh: list[Result],
        origin: Origin,
    ) -> Order:
        job, registry = lease.job, recipe.registry
        parts = tuple(
            Part(
                name,
                registry[name].version,
                recipe.fingerprints[name],
                tuple(sources(name, registry)),
                recipe.settings[name],
            )
            for name in todo
        )
        return Order(
            job=job.id, token=lease.token, user=job.user, audio=audio.id, name=audio.name, sha256=audio.sha256,
            size=audio.size, lane=job.lane, attempt=job.attempts, is_last=job.crashes >= len(jobs.PAUSES),
            parts=parts,
            known=tuple(one for result in fresh for one in result.descriptors),
            attachments=attachments(registry, {name: recipe.settings[name] for name in todo}),
            longest_seconds=self._longest,
            origin=origin,
        )  # fmt: skip


def _look(db: Database, lease: Lease) -> tuple[Audio | None, list[Result]]:
    """The sound that the job is about, and what is known of its content."""
    audio = sounds.find(db, lease.job.user, lease.job.audio)
    if audio is None or audio.sha256 != lease.job.sha256:
        return None, []
    return audio, results.of(db, audio.sha256)


def _fresh(recipe: Recipe, known: list[Result], media: Media | None) -> list[Result]:
    names = recipe.fresh({one.analyzer: one.fingerprint for one in known}, media)
    return [one for one in known if one.analyzer in names]


def _enter(db: Database, lease: Lease, outcome: Outcome) -> None:
    """What was heard of another content than the sound has by now is forgotten, and the job waits again."""
    match outcome:
        case Broke(reason, message, _, media, found):
            if found or media is not None:
                jobs.keep(db, lease, media, found)
            jobs.crash(db, lease, Problem(reason, message))
        case Unheard():
            jobs.put_back(db, lease)
        case _ if jobs.catch_up(db, lease):
            pass
        case Heard(media, found):
            jobs.complete(db, lease, media, found)
        case Failed(reason, message):
            jobs.fail(db, lease, Problem(reason, message))
        case Unsettled() | Outdated():
            jobs.put_back(db, lease, now() + timedelta(seconds=SETTLING_SECONDS))
