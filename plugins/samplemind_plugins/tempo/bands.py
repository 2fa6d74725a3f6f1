"""How loud each band of a block is, frame by frame: all that the onset functions need of its spectrum."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from samplemind_sdk import RATE, Bank, Block, Samples, feature, magnitude
from samplemind_sdk.features import FRAME, HOP

BANDS = 36
LOWEST, HIGHEST = 30.0, 16_000.0  # Hz
FPS = RATE / HOP  # frames a second
FLOOR = -200  # dB

Levels = NDArray[np.int16]  # hundredths of a dB, shape (frames, BANDS)


@feature
def levels(block: Block) -> Levels:
    """The mean magnitude of each mel band, a full-scale sine's being about -20 dB, in hundredths of a dB."""
    mean = _bank().of(magnitude(block))
    found: Levels = np.rint(2_000 * np.log10(np.maximum(mean, 10 ** (FLOOR / 20)))).astype(np.int16)
    return found


@cache
def centres() -> Samples:
    """The middle of each band, in Hz."""
    return _edges()[1:-1].astype(np.float32)


def _edges() -> NDArray[np.float64]:
    low, high = (2_595 * np.log10(1 + hertz / 700) for hertz in (LOWEST, HIGHEST))
    return 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2_595) - 1)


@cache
def _bank() -> Bank:
    """Triangles of equal sum, shape (bins, BANDS); the narrowest take at least the nearest bin."""
    hertz = np.fft.rfftfreq(FRAME, 1 / RATE)[:, None]
    edges = _edges()
    rise = (hertz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - hertz) / (edges[2:] - edges[1:-1])
    bank = np.maximum(0, np.minimum(rise, fall))
    for band in np.flatnonzero(bank.sum(axis=0) == 0):
        bank[np.abs(hertz[:, 0] - edges[band + 1]).argmin(), band] = 1
    scale = 2 / (FRAME / 2)  # the Hann window's sum is half the frame's length
    return Bank((bank / bank.sum(axis=0) * scale).astype(np.float32))
