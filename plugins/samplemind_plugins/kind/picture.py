"""A small picture of a stroke: its spectrum in twenty steps of time that grow, and twenty of frequency."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

EVEN, LAST, CELLS = (
    13,
    400,
    40,
)  # frames: those of one frame each, where it ends, and how many there are in all
DEPTH, UNIT = 80.0, 20.0  # dB: what lies deeper is not seen, and what is one in the picture


def picture(mels: Numbers) -> Numbers:
    """Of the energy of 40 mel bands in frames of 5 ms, shape (frames, 40), to (20, 20): 0 at most, -4 at least."""
    heard = np.zeros((LAST, mels.shape[1]))
    heard[: len(mels)] = mels[:LAST]
    edges = _edges()
    cells = np.add.reduceat(heard, edges[:-1]) / np.diff(edges)[:, None]
    decibels = np.maximum(10 * np.log10(cells / cells.max() + 1e-8), -DEPTH) / UNIT
    halved = decibels.reshape(len(cells) // 2, 2, -1, 2).mean(axis=(1, 3))
    return np.asarray(np.maximum(halved - halved.max(), -DEPTH / UNIT))


def _edges() -> NDArray[np.int64]:
    growing = EVEN * (LAST / EVEN) ** (np.arange(1, CELLS - EVEN + 2) / (CELLS - EVEN + 1))
    return np.concatenate([np.arange(EVEN), growing.round()]).astype(np.int64)
