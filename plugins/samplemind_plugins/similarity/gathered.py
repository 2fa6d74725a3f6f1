"""Sums of rows kept apart by the loudness of their frames, so that quiet frames can be left out in the end."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

QUIETEST, LOUDEST = -120, 40  # dB; what is quieter is silence, and not gathered


class Gathered:
    """Sums in steps of one dB: a few kB, however long the sound."""

    def __init__(self, width: int) -> None:
        self._sums = np.zeros((LOUDEST - QUIETEST + 1, width + 1))

    def add(self, levels: Numbers, rows: Numbers) -> None:
        """Add rows of shape (frames, width), each at its level in dB."""
        bins = np.clip(np.floor(levels).astype(int) - QUIETEST, -1, len(self._sums) - 1)
        heard = bins >= 0
        np.add.at(self._sums, bins[heard], np.column_stack([rows, np.ones(len(rows))])[heard])

    def mean(self, gate: int) -> Numbers | None:
        """The mean row of frames at most so many dB below the loudest, shape (width,); None if there is none."""
        filled = np.flatnonzero(self._sums[:, -1])
        if not len(filled):
            return None
        total = self._sums[max(0, int(filled[-1]) - gate) :].sum(axis=0)
        mean: Numbers = total[:-1] / total[-1]
        return mean
