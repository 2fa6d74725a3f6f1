"""Comparing sounds: what is like one, and what fits it."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from samplemind_daemon.library.fitting import Fitting
from samplemind_daemon.library.likeness import Likeness, Sample, Samples, Shelves
from samplemind_daemon.library.uploads import Uploads
from samplemind_daemon.model import Aspects, Match, Neighbour, Query, Wish
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.store import Store
from samplemind_daemon.work.trials import Trials

MOST = 200  # sounds in an answer
HEAVIEST = 10.0  # weight of an aspect
MOST_STRETCH = 0.5
EVERYTHING = Query()

Matching = Callable[[str, Query], Awaitable[Collection[str]]]  # a user's sounds that a query finds, by id


@dataclass(frozen=True)
class Asked:
    """A sound to compare with: one of the user's, or an upload that is heard and not kept; and which others."""

    audio: str = ""
    upload: str = ""
    query: Query = EVERYTHING
    limit: int = 20


class Comparisons:
    """The comparisons of all users' sounds. `matching` is asked for the sounds that a query finds."""

    def __init__(self, store: Store, uploads: Uploads, trials: Trials, matching: Matching) -> None:
        shelves = Shelves(store)
        self._samples, self._matching = Samples(store, uploads, trials), matching
        self._likeness, self._fitting = Likeness(store, shelves), Fitting(store, shelves)

    async def similar(self, user: str, asked: Asked, weights: Aspects) -> tuple[list[Neighbour], int]:
        """The nearest of the user's sounds, the nearest first; and how many were compared.

        Raises Invalid for weights that are none, and what `Samples` and `matching` raise.
        """
        if not all(0 <= one <= HEAVIEST for one in vars(weights).values()) or not any(vars(weights).values()):
            why = {"weights": f"each is 0 to {HEAVIEST:g}, and one of them is not 0"}
            raise Invalid("INVALID_WEIGHTS", f"These are no weights: {why['weights']}.", why)
        ids = await self._ids(user, asked.query)
        return await self._likeness.similar(user, await self._sample(user, asked), weights, ids, asked.limit)

    async def compatible(self, user: str, asked: Asked, wish: Wish) -> tuple[list[Match], int]:
        """Those of the user's sounds that fit, the best first; and how many were compared.

        Raises Invalid for a stretch that is none, and what `Samples` and `matching` raise.
        """
        if not 0 < wish.stretch_limit <= MOST_STRETCH:
            why = {"stretch_limit": f"{wish.stretch_limit:g} is not between 0 and {MOST_STRETCH:g}"}
            raise Invalid("INVALID_STRETCH", f"This is no stretch_limit: {why['stretch_limit']}.", why)
        ids = await self._ids(user, asked.query)
        return await self._fitting.compatible(user, await self._sample(user, asked), wish, ids, asked.limit)

    async def _ids(self, user: str, query: Query) -> Collection[str] | None:
        return None if query == EVERYTHING else await self._matching(user, query)

    async def _sample(self, user: str, asked: Asked) -> Sample:
        if asked.upload:
            return await self._samples.sent(user, asked.upload)
        if asked.audio:
            return await self._samples.stored(user, asked.audio)
        why = {"sample": "say audio_id or upload_id"}
        raise Invalid("NO_SAMPLE", "There is nothing to compare with: say audio_id or upload_id.", why)
