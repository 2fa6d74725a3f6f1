"""Having many sounds analysed, when there is time."""

from collections.abc import AsyncGenerator, Collection, Iterator, Sequence
from dataclasses import dataclass

from samplemind_daemon.library.analyses import going_down, no_sound
from samplemind_daemon.library.asking import ask, first_made
from samplemind_daemon.model import OPEN, Job, Lane, Problem
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, jobs
from samplemind_daemon.work.engine import Engine
from samplemind_daemon.work.live import Endings
from samplemind_daemon.work.recipes import Recipes

METHOD = "/samplemind.v1.AnalysisService/AnalyzeBatch"
LARGEST = 5_000  # sounds
AT_A_TIME = 100  # sounds in one transaction
LOOK_SECONDS = 10.0  # the longest that a stream goes without a look at the database


@dataclass(frozen=True)
class Outcome:
    """How the job on one sound of a batch ended, or why there is none."""

    audio: str
    job: Job | None
    problem: Problem | None = None


class Batches:
    """The batches of all users."""

    def __init__(self, store: Store, engine: Engine, recipes: Recipes, settings: Settings) -> None:
        self._store, self._engine, self._recipes = store, engine, recipes
        self._most = settings.max_open_jobs

    async def analyze(
        self, user: str, ids: Sequence[str], request: str = ""
    ) -> AsyncGenerator[Outcome, None]:
        """The outcome of each of up to 5,000 sounds, as they are done. To leave does not end their jobs.

        Raises Invalid for more, Exhausted past the user's jobs, Unavailable when the daemon ends.
        """
        wanted = tuple(dict.fromkeys(ids))
        if not 0 < len(wanted) <= LARGEST:
            why = {"audio_ids": f"a batch has 1 to {LARGEST:,} sounds, not {len(wanted):,}"}
            raise Invalid("INVALID_BATCH", "This batch cannot be analysed.", why)
        with self._engine.await_ends(wanted) as endings:
            waiting: set[str] = set()
            async for outcome in self._ask(user, wanted, request):
                if outcome.job is not None and outcome.job.state in OPEN:
                    waiting.add(outcome.audio)
                else:
                    yield outcome
            async for outcome in self._await(waiting, endings):
                yield outcome

    async def _ask(self, user: str, wanted: Sequence[str], request: str) -> AsyncGenerator[Outcome, None]:
        """The job on each sound, open or not."""
        began = await self._store.write(first_made, user, request, METHOD)
        for some in _parts(wanted, AT_A_TIME):
            recipe = self._recipes.current
            asked = await self._store.write(ask, user, some, Lane.BATCH, began, recipe, self._most)
            self._engine.wake()
            for id in some:
                yield _outcome(id, asked.get(id))

    async def _await(self, waiting: set[str], endings: Endings) -> AsyncGenerator[Outcome, None]:
        """The outcomes of the open jobs. Where no end is heard of for a while, the database is asked."""
        while waiting:
            ended = await endings.next(LOOK_SECONDS)
            if endings.closed:
                raise going_down()
            for some in _parts(waiting.intersection(ended) if ended else waiting, AT_A_TIME):
                last = await self._store.read(jobs.latest_on_many, some)
                for id in some:
                    job = last.get(id)
                    if job is None or job.state not in OPEN:
                        waiting.discard(id)
                        yield _outcome(id, job)


def _outcome(id: str, job: Job | None) -> Outcome:
    if job is None:
        refusal = no_sound(id)
        return Outcome(id, None, Problem(refusal.reason, refusal.message))
    return Outcome(id, job)


def _parts(ids: Collection[str], size: int) -> Iterator[list[str]]:
    every = list(ids)
    for start in range(0, len(every), size):
        yield every[start : start + size]
