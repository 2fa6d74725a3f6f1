"""Sums over a stream of rows that do not depend on how it is cut into blocks, not even in the last bit."""

import numpy as np
from numpy.typing import NDArray

from samplemind_sdk import Samples
from samplemind_sdk.features import HOP

STRETCH = 2**14 // HOP  # rows that are added together first: every block but the last has a multiple of them


def added(total: NDArray[np.float64], rows: Samples) -> NDArray[np.float64]:
    """The total so far and the rows, one a frame, shape (frames, ...)."""
    whole = len(rows) // STRETCH * STRETCH
    for sums in rows[:whole].reshape(-1, STRETCH, *rows.shape[1:]).sum(axis=1):
        total = total + sums
    return total + rows[whole:].sum(axis=0) if whole < len(rows) else total
