"""K-weighting: how loud each moment of a sound is to the ear, by ITU-R BS.1770-5, Annex 1."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from samplemind_sdk import Samples

Powers = NDArray[np.float64]

STEP_HERTZ = 100  # energies a second: fine enough for the maxima that Tech 3341, cases 10 to 14, ask for
LOWEST_RATE = 4_000  # Hz; the high shelf, at 1,682 Hz, must lie well below half the rate
PIECE = 2**15  # samples filtered at a time: what they become stays in the processor's cache
STILL = 1e-30  # amplitude; a filter below it (-600 dB) is at rest. Some processors crawl through denormals

SURROUND = 1.41  # BS.1770-5, Annex 1, table 3: +1.5 dB
# The weights of the channels in WAVE order, by their number. A channel 60 to 120 degrees to the side
# counts 1.41, one in front or behind 1.0 (BS.1770-5, Annex 3, table 4), the low-frequency channel nothing.
LAYOUTS: dict[int, tuple[float, ...]] = {
    1: (1.0,),
    2: (1.0, 1.0),  # L R
    3: (1.0, 1.0, 1.0),  # L R C
    4: (1.0, 1.0, SURROUND, SURROUND),  # L R Ls Rs
    5: (1.0, 1.0, 1.0, SURROUND, SURROUND),  # L R C Ls Rs
    6: (1.0, 1.0, 1.0, 0.0, SURROUND, SURROUND),  # L R C LFE Ls Rs
    7: (1.0, 1.0, 1.0, 0.0, 1.0, SURROUND, SURROUND),  # L R C LFE back Ls Rs
    8: (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, SURROUND, SURROUND),  # L R C LFE back-left back-right Ls Rs
}


def weights(channels: int) -> Powers:
    """How much the power of each channel counts; 1.0 for all where the layout is not known."""
    return np.array(LAYOUTS.get(channels, (1.0,) * channels))


def sections(rate: int) -> Powers:
    """The K-weighting at a rate as second-order sections, shape (2, 6).

    BS.1770-5, Annex 1, tables 1 and 2, give coefficients for 48 kHz. These are the bilinear
    transforms of the analogue filters behind them (frequency, gain and Q solved from the tables), so
    that the response is the same at every rate, and at 48 kHz the tables come out again.
    """
    hertz, gain, q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    k, high = math.tan(math.pi * hertz / rate), 10 ** (gain / 20)
    middle, a0 = high**0.4996667741545416, 1 + k / q + k * k
    over = [high + middle * k / q + k * k, 2 * (k * k - high), high - middle * k / q + k * k]
    shelf = [*(b / a0 for b in over), 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]
    hertz, q = 38.13547087602444, 0.5003270373238773
    k = math.tan(math.pi * hertz / rate)
    a0 = 1 + k / q + k * k
    return np.array([shelf, [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]])


class Weighting:
    """Turns a stream into the energy of its hundredths of a second, in whatever pieces it comes."""

    def __init__(self, rate: int, channels: int) -> None:
        self._rate, self._sections = rate, sections(rate)
        counts = weights(channels)
        self._heard = np.flatnonzero(counts)
        self._counts = counts[self._heard, None]
        self._state = np.zeros((2, len(self._heard), 2))
        self._rest = np.zeros((len(self._heard), 0))  # filtered, but less than a step
        self._steps = 0

    def energies(self, source: Samples) -> Powers:
        """The weighted sum of squares in each step that is now complete, shape (steps,)."""
        pieces = range(0, source.shape[1], PIECE)
        return np.concatenate([np.zeros(0), *(self._energies(source[:, at : at + PIECE]) for at in pieces)])

    def _energies(self, source: Samples) -> Powers:
        filtered, self._state = sosfilt(self._sections, source[self._heard], zi=self._state)
        self._state[np.abs(self._state) < STILL] = 0.0  # denormals never fade
        waiting = np.concatenate([self._rest, filtered], axis=1)
        start = self._edge(self._steps)
        steps = ((start + waiting.shape[1]) * STEP_HERTZ) // self._rate - self._steps
        edges = [self._edge(self._steps + step) - start for step in range(steps + 1)]
        self._steps += steps
        self._rest = waiting[:, edges[-1] :].copy()
        if not steps:
            return np.zeros(0)
        squares = np.square(waiting[:, : edges[-1]])
        summed: Powers = (self._counts * np.add.reduceat(squares, edges[:-1], axis=1)).sum(axis=0)
        return summed

    def _edge(self, step: int) -> int:
        """The sample at which a step begins, so that none is lost where the rate is no multiple of 100."""
        return -(-step * self._rate // STEP_HERTZ)
