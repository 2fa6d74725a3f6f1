"""The power of each band of a block, frame by frame: what the shape, the picture and the likeness of a sound share."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from samplemind_sdk import RATE, Bank, Block, Samples, feature, power
from samplemind_sdk.features import FRAME, HOP

BANDS = 48
LOWEST, HIGHEST = 30.0, 16_000.0  # Hz; lossy files end at 16 kHz
FPS = RATE / HOP  # frames a second


@feature
def energies(block: Block) -> Samples:
    """The power in each mel band, about 1.0 for a sine of full scale, shape (frames, BANDS)."""
    return _bank().of(power(block))


@cache
def centres() -> NDArray[np.float64]:
    """The middle of each band, in Hz."""
    return _edges()[1:-1]


def _edges() -> NDArray[np.float64]:
    low, high = (2_595 * np.log10(1 + hertz / 700) for hertz in (LOWEST, HIGHEST))
    edges: NDArray[np.float64] = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2_595) - 1)
    return edges


@cache
def _bank() -> Bank:
    """Triangles of height 1 over the bins, less what a Hann window adds to a sine's power."""
    hertz, edges = np.fft.rfftfreq(FRAME, 1 / RATE)[:, None], _edges()
    rise = (hertz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - hertz) / (edges[2:] - edges[1:-1])
    triangles = np.maximum(0, np.minimum(rise, fall))
    window = np.hanning(FRAME + 1)[:-1]
    sine = FRAME * np.square(window).sum() / 4  # Parseval: the sum of a full-scale sine's power over its bins
    return Bank((triangles / sine).astype(np.float32))
