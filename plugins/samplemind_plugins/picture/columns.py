"""A row of columns over a stream of any length: when it is full, neighbours are joined and each is twice as wide."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]


class Columns:
    """Joins what comes in into at most `most` columns, each over `width` of them, the last one over the rest.

    `join` is the ufunc that joins, as np.maximum. The width is the smallest power of two that suffices,
    so it depends on how much has come, and not on the pieces in which it came.
    """

    def __init__(self, join: np.ufunc, most: int) -> None:
        self._join, self._most = join, most
        self._columns: Values | None = None
        self.width, self.heard = 1, 0

    def add(self, values: Values) -> None:
        """Take in the next ones, shape (any number, ...)."""
        if not len(values):
            return
        while self.heard + len(values) > self.width * self._most:
            self._widen()
        offset = self.heard % self.width
        edges = np.arange(-offset, len(values), self.width)
        edges[0] = 0
        fresh = self._join.reduceat(values, edges, axis=0)
        self.heard += len(values)
        if self._columns is None:
            self._columns = fresh
        elif offset:
            both = self._join(self._columns[-1:], fresh[:1])
            self._columns = np.concatenate([self._columns[:-1], both, fresh[1:]])
        else:
            self._columns = np.concatenate([self._columns, fresh])

    def joined(self, factor: int = 1) -> Values:
        """The columns so far, `factor` of them joined into one; at least one must have come."""
        assert self._columns is not None, "nothing has come in yet"
        found: Values = self._join.reduceat(self._columns, np.arange(0, len(self._columns), factor), axis=0)
        return found

    def counts(self) -> NDArray[np.int64]:
        """How many are joined in each column."""
        edges = np.arange(0, self.heard, self.width)
        return np.diff(np.append(edges, self.heard))

    def _widen(self) -> None:
        if self._columns is not None:
            self._columns = self.joined(2)
        self.width *= 2
