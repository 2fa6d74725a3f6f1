"""Results that would be made otherwise today: which, why, and how they are made again."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from samplemind_daemon.analysis.plan import sources
from samplemind_daemon.library.query import Queries
from samplemind_daemon.model import Query
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Database, Store, jobs, prints, sounds
from samplemind_daemon.store.prints import Made, Print
from samplemind_daemon.work.engine import Engine
from samplemind_daemon.work.recipes import Recipe, Recipes

AT_A_TIME = 200  # sounds in one look at the store, or in one transaction
MOST = 5_000  # sounds that are queued at a time
MOST_KNOWN = 10_000  # kinds of sounds, by what their results were made by, in memory


@dataclass
class StaleAnalyzer:
    """Why the results of an analyzer are stale, which versions made them, and of how many sounds."""

    version: int  # today's
    versions: set[int] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    sounds: int = 0


@dataclass
class Preview:
    """What would be made again."""

    total: int = 0  # sounds that match
    sounds: int = 0  # of them those with stale results
    seconds: float = 0.0  # that would be decoded, each content once
    analyzers: dict[str, StaleAnalyzer] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """What is stale of results that were made so: analyzers with the version there is, if any, and the reasons."""

    stale: tuple[tuple[str, int | None, frozenset[str]], ...]
    decodes: bool


class Stale:
    """The stale results of all users' sounds, as of today's recipe."""

    def __init__(
        self, store: Store, engine: Engine, queries: Queries, recipes: Recipes, settings: Settings
    ) -> None:
        self._store, self._engine, self._queries, self._recipes = store, engine, queries, recipes
        self._most = settings.max_open_jobs

    async def preview(self, user: str, asked: Query) -> Preview:
        """What a new analysis of the sounds that match would change; Invalid for what is no query."""
        ids = await self._queries.ids(user, asked)
        preview, decoded = Preview(total=len(ids)), set[str]()
        async for made, judgement in self._stale(user, ids):
            preview.sounds += 1
            for name, version, reasons in judgement.stale:
                _count(preview, self._recipes.current, name, version, reasons)
            if judgement.decodes and made.sha256 not in decoded:
                decoded.add(made.sha256)
                preview.seconds += made.seconds
        return preview

    async def queue(self, user: str, asked: Query) -> tuple[int, int]:
        """Queue up to 5,000 of the sounds that match and have stale results, as far as the user's jobs allow.

        How many were queued, and how many more are stale. Raises Invalid for what is no query.
        """
        queued, stale, piece = 0, 0, list[str]()
        async for made, _ in self._stale(user, await self._queries.ids(user, asked)):
            stale += 1
            if stale <= MOST:
                piece.append(made.audio)
            if len(piece) == AT_A_TIME:
                queued += await self._queue(user, piece)
                piece = []
        queued += await self._queue(user, piece)
        return queued, stale - queued

    async def _queue(self, user: str, ids: Sequence[str]) -> int:
        queued = await self._store.write(_queue, user, ids, self._most) if ids else 0
        if queued:
            self._engine.wake()
        return queued

    async def _stale(self, user: str, ids: Sequence[str]) -> AsyncGenerator[tuple[Made, Judgement], None]:
        """The sounds of which anything is stale."""
        recipe, known = self._recipes.current, dict[tuple[Print, ...], Judgement]()
        for start in range(0, len(ids), AT_A_TIME):
            for made in await self._store.read(prints.of_many, user, ids[start : start + AT_A_TIME]):
                if made.prints not in known:
                    if len(known) == MOST_KNOWN:
                        known.clear()
                    known[made.prints] = judge(recipe, made.prints)
                if known[made.prints].stale:
                    yield made, known[made.prints]


def judge(recipe: Recipe, made: Sequence[Print]) -> Judgement:
    """What is stale of results that were made so."""
    versions = {name: version for name, version, _ in made}
    fresh = frozenset(name for name, _, print in made if print == recipe.fingerprints.get(name))
    todo = recipe.todo(fresh)
    stale = tuple((name, versions.get(name), _reasons(recipe, name, versions, set(todo))) for name in todo)
    return Judgement(stale, any(recipe.registry[name].listens for name in todo))


def _reasons(recipe: Recipe, name: str, versions: dict[str, int], todo: set[str]) -> frozenset[str]:
    if name not in versions:
        return frozenset({"missing"})
    other = {"version"} if versions[name] != recipe.registry[name].version else set()
    other |= {"inputs"} if todo.intersection(sources(name, recipe.registry)) else set()
    return frozenset(other or {"parameters"})


def _count(preview: Preview, recipe: Recipe, name: str, version: int | None, reasons: frozenset[str]) -> None:
    if name in recipe.registry:  # else it was switched off meanwhile
        found = preview.analyzers.setdefault(name, StaleAnalyzer(recipe.registry[name].version))
        found.versions |= {version} if version is not None else set()
        found.reasons |= reasons
        found.sounds += 1


def _queue(db: Database, user: str, ids: Sequence[str], most: int) -> int:
    room = most - jobs.count_open(db, user)
    known = sounds.find_many(db, user, ids)
    queued = 0
    for audio in known.values():
        if queued < room and jobs.open_on(db, audio.id) is None:
            jobs.add(db, audio)
            queued += 1
    return queued
