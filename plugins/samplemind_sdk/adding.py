"""Sums over a stream that do not depend on how it is cut into blocks, not even in the last bit."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .block import Samples

STRETCH = 32  # frames of 512 samples: a block of a live stream holds as many, and one of a file a multiple


def added(total: NDArray[Any], rows: NDArray[Any]) -> NDArray[Any]:
    """The total so far, shape (...), and rows of shape (any number, ...), added one after the other."""
    if total.size > len(rows):
        for row in rows:
            total = total + row
        return total
    sums: NDArray[Any] = np.cumsum(np.concatenate([total[None], rows]), axis=0)[-1]
    return sums


def stretches(frames: Samples) -> Samples:
    """Sums over few frames each, of shape (frames, width), so that there are fewer rows to add."""
    whole = len(frames) // STRETCH * STRETCH
    sums: Samples = frames[:whole].reshape(-1, STRETCH, frames.shape[1]).sum(axis=1)
    return np.concatenate([sums, frames[whole:].sum(axis=0, keepdims=True)])
