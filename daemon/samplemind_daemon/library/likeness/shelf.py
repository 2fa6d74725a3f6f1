"""All sounds of one user in memory, a row each, to be compared with one."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samplemind_daemon.library.likeness.rows import NO_SPACE, Table, put, table, widened
from samplemind_daemon.model import Profile
from samplemind_daemon.store.vectors import Mark, Row

BLOCK = 2_048  # rows compared at a time: 1 MiB of vectors, which stays in a core's cache
GROWTH = 1.25  # of room, where there is none left

Rows = NDArray[np.intp]
Numbers = NDArray[np.float32]


class Shelf:
    """The profiles of a user's sounds. For one thread at a time."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all."""
        self.mark = Mark()
        self.ids: list[str] = []
        self._row: dict[str, int] = {}
        self._spaces: dict[str, int] = {}  # by the recipe of the vectors in it
        self._table = table(0, 0)

    def put(self, audios: Sequence[str], found: Sequence[Row]) -> None:
        """Know these sounds as they were found; those that were not are no more."""
        for id in set(audios) - {one.audio for one in found}:
            self._remove(id)
        if found:
            self._make_room(found)
            self._put(found)

    @property
    def bytes(self) -> int:
        """How much memory the rows take, without the names of the sounds."""
        return self._table.nbytes

    def rows(self, ids: Collection[str] | None, without: Collection[str]) -> Rows:
        """The rows of these sounds, of all if none are named, less those of others."""
        wanted = np.full(len(self.ids), ids is None)
        for named, are in ((ids or (), True), (without, False)):
            wanted[[self._row[id] for id in named if id in self._row]] = are
        return np.flatnonzero(wanted)

    def of(self, rows: Rows) -> Table:
        """What some sounds are compared by: see `rows.table`."""
        return self._table[rows]

    def comparable(self, rows: Rows, fingerprint: str) -> Rows:
        """Those rows whose vectors were made by this recipe."""
        found: Rows = rows[self._table["space"][rows] == self._spaces.get(fingerprint, NO_SPACE - 1)]
        return found

    def distances(self, rows: Rows, vector: Numbers, scale: Numbers) -> Numbers:
        """The Euclidean distance of each row's vector to this one, each number scaled, shape (rows,)."""
        found, vectors = np.empty(len(rows), np.float32), self._table["vector"]
        for start in range(0, len(rows), BLOCK):
            away = vectors[rows[start : start + BLOCK], : len(vector)] - vector
            away *= scale
            np.einsum("ij,ij->i", away, away, out=found[start : start + BLOCK])
        return np.sqrt(found, out=found)

    def vector(self, row: int, length: int) -> Numbers:
        """The vector of a row."""
        found: Any = self._table["vector"][row, :length]
        return found  # type: ignore[no-any-return]

    def _put(self, coming: Sequence[Row]) -> None:
        for one in coming:
            if self._row.setdefault(one.audio, len(self.ids)) == len(self.ids):
                self.ids.append(one.audio)
        profiles = [one.profile for one in coming]
        put(
            self._table,
            [self._row[one.audio] for one in coming],
            profiles,
            [self._space(one) for one in profiles],
        )

    def _space(self, one: Profile) -> int:
        return (
            NO_SPACE if one.numbers is None else self._spaces.setdefault(one.fingerprint, len(self._spaces))
        )

    def _remove(self, id: str) -> None:
        """Take a sound out; the last one takes its place."""
        row = self._row.pop(id, None)
        if row is not None and (last := self.ids.pop()) != id:
            self._table[row] = self._table[len(self.ids)]
            self.ids[row], self._row[last] = last, row

    def _make_room(self, coming: Sequence[Row]) -> None:
        """See that there are rows enough, wide enough for the vectors that come."""
        there = self._table["vector"].shape[1]
        width = max([there, *(len(one.profile.numbers or b"") // 4 for one in coming)])
        length = len(self.ids) + sum(one.audio not in self._row for one in coming)
        if length > len(self._table) or width > there:
            room = int(GROWTH * length) if self.ids else length
            self._table = widened(self._table, max(room, len(self._table)), width)
