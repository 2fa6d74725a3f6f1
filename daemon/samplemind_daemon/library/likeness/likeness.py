"""Which sounds are most like one: exact, by all of a user's vectors in memory.

An index (usearch, hnswlib, faiss, sqlite-vec) would answer faster and not exactly, would have to be built anew for
every weighing of the aspects, and would not take a query's clauses; 100,000 vectors are compared in some 15 ms.
"""

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING

from samplemind_daemon.library.likeness.samples import Sample
from samplemind_daemon.library.likeness.shelves import Shelves
from samplemind_daemon.model import Aspects, Neighbour
from samplemind_daemon.refusals import Untimely
from samplemind_daemon.store import Store, vectors

if TYPE_CHECKING:  # it brings numpy, which the daemon needs for nothing else
    from samplemind_daemon.library.likeness.shelf import Numbers, Rows, Shelf

AS_THEY_COME = Aspects(
    rhythm=0.7, timbre=1.0, harmony=0.5
)  # what aspects weigh in a vector: docs/models/similarity.md
ALONE = (Aspects(1, 0, 0), Aspects(0, 1, 0), Aspects(0, 0, 1))


class Likeness:
    """The likeness of all users' sounds."""

    def __init__(self, store: Store, shelves: Shelves) -> None:
        self._store, self._shelves = store, shelves

    async def similar(
        self, user: str, sample: Sample, weights: Aspects, ids: Collection[str] | None, limit: int
    ) -> tuple[list[Neighbour], int]:
        """Up to `limit` of these sounds of the user, or of all, the nearest first; and how many were compared.

        What has the sample's very content is left out. Raises Untimely where the sample has no vector.
        """
        if sample.profile.numbers is None:
            raise Untimely(
                "NO_VECTOR",
                "This sound has no similarity.vector: it is silent, or similarity is switched off.",
            )
        twins = await self._store.read(vectors.twins, user, sample.sha256)
        async with self._shelves.of(user) as shelf:
            return await asyncio.to_thread(_nearest, shelf, sample, weights, ids, twins, limit)


def _nearest(
    shelf: "Shelf",
    sample: Sample,
    weights: Aspects,
    ids: Collection[str] | None,
    twins: Collection[str],
    limit: int,
) -> tuple[list[Neighbour], int]:
    import numpy as np  # only now, off the event loop

    profile, vector = sample.profile, np.frombuffer(sample.profile.numbers or b"", "<f4")
    rows = shelf.comparable(shelf.rows(ids, twins), profile.fingerprint)

    def distances(rows: "Rows", weights: Aspects) -> "Numbers":
        """By these weights, which stand in place of those that the vectors come with."""
        scale = [getattr(weights, name) / own for name, own in vars(AS_THEY_COME).items()]
        return shelf.distances(rows, vector, np.repeat(scale, np.diff(profile.edges)).astype(np.float32))

    found = distances(rows, weights)
    nearest = np.argpartition(found, limit)[:limit] if limit < len(found) else np.arange(len(found))
    nearest = nearest[np.argsort(found[nearest], kind="stable")]
    apart = [distances(rows[nearest], one) for one in ALONE]
    return [
        Neighbour(shelf.ids[rows[one]], float(found[one]), Aspects(*(float(part[place]) for part in apart)))
        for place, one in enumerate(nearest)
    ], len(rows)
