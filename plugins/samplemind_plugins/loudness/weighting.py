"""K-weighting: how loud each moment of a sound is to the ear, by ITU-R BS.1770-5, Annex 1."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from samplemind_sdk import Samples

Powers = NDArray[np.float64]

STEP_HERTZ = 100  # energies a second: fine enough for the maxima that Tech 3341, cases 10 to 14, ask for
LOWEST_RATE = 4_000  # Hz; the high shelf, at 1,682 Hz, must lie well below half the rate
PIECE, PIECES = 64, 512  # samples that are filtered by one product, and how many such pieces at a time
CHUNK = PIECE * PIECES  # samples: what they become stays in the processor's cache
FADED = 1e-16  # of the memory's length; what is left of it counts no more
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


@dataclass(frozen=True)
class Filter:
    """The K-weighting of whole pieces as matrix products, several times faster than sample by sample.

    What a piece becomes is linear in its samples and in the four numbers that the filter remembers of
    all before. These are scaled so that what becomes of them has their length: then single precision
    leaves noise 135 dB under what is filtered, and 117 dB under a constant offset, which is filtered out.
    """

    rows: Samples  # what samples and memory become, shape (PIECE + 4, PIECE)
    kept: Samples  # what is remembered of each sample, shape (PIECE, 4)
    fading: tuple[
        Powers, ...
    ]  # what memory becomes after 1, 2, 4 ... pieces, until it has faded: shape (4, 4)

    def filtered(self, sound: Samples, memory: Powers) -> tuple[Samples, Powers]:
        """A chunk of shape (channels, CHUNK), filtered, and what is then remembered, shape (channels, 4)."""
        cut = np.empty((len(sound), PIECES, PIECE + 4), np.float32)
        cut[:, :, :PIECE] = sound.reshape(len(sound), PIECES, PIECE)
        fresh = (cut[:, :, :PIECE] @ self.kept).astype(float)
        memories = np.concatenate([memory[:, None], fresh[:, :-1]], axis=1)
        for number, fading in enumerate(self.fading):
            memories[:, 2**number :] += memories[:, : -(2**number)] @ fading
        memories[np.abs(memories) < STILL] = 0.0  # denormals never fade
        cut[:, :, PIECE:] = memories
        return (cut @ self.rows).reshape(len(sound), CHUNK), memories[:, -1] @ self.fading[0] + fresh[:, -1]


@cache
def filter_at(rate: int) -> Filter:
    """The filter at a rate in Hz, from what its sections make of single samples and of single memories."""
    inputs, memories = np.eye(PIECE + 4, PIECE), np.eye(PIECE + 4, 4, -PIECE)
    state = memories.reshape(-1, 2, 2).transpose(1, 0, 2)
    rows, state = sosfilt(sections(rate), inputs, zi=state)
    kept = state.transpose(1, 0, 2).reshape(-1, 4)
    scale = np.linalg.qr(rows[PIECE:].T)[1].T  # of the memory
    rows[PIECE:] = np.linalg.solve(scale, rows[PIECE:])
    fading = [np.linalg.solve(scale, kept[PIECE:] @ scale)]
    while np.abs(fading[-1]).max() > FADED and 2 ** len(fading) < PIECES:
        fading.append(fading[-1] @ fading[-1])
    return Filter(rows.astype(np.float32), (kept[:PIECE] @ scale).astype(np.float32), tuple(fading))


class Weighting:
    """Turns a stream into the energy of its hundredths of a second, in whatever pieces it comes.

    It is filtered a chunk at a time, so what it becomes does not depend on the pieces, not even in the last bit.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self._rate, self._filter = rate, filter_at(rate)
        counts = weights(channels)
        self._heard = np.flatnonzero(counts)
        self._counts = counts[self._heard, None]
        self._memory = np.zeros((len(self._heard), 4))
        self._waiting = np.zeros((len(self._heard), 0), np.float32)  # less than a chunk
        self._filtered, self._begun = 0, 0.0  # samples; and the energy of the step that they end in

    def energies(self, source: Samples) -> Powers:
        """The weighted sum of squares in each step that is now known, shape (steps,)."""
        sound, known = source if len(self._heard) == len(source) else source[self._heard], [np.zeros(0)]
        if self._waiting.shape[1]:
            sound = np.concatenate([self._waiting, sound], axis=1)
        while sound.shape[1] >= CHUNK:
            energies, self._memory, self._begun = self._weighted(sound[:, :CHUNK], CHUNK)
            self._filtered += CHUNK
            known.append(energies)
            sound = sound[:, CHUNK:]
        self._waiting = sound.copy()
        return np.concatenate(known)

    def rest(self) -> Powers:
        """The same of the steps that are complete, but not yet known; listening may go on."""
        waiting = self._waiting.shape[1]
        return self._weighted(np.pad(self._waiting, ((0, 0), (0, CHUNK - waiting))), waiting)[0]

    def _weighted(self, chunk: Samples, length: int) -> tuple[Powers, Powers, float]:
        """The energies of the steps that end in a chunk's first samples, and then the memory and the last step's."""
        filtered, memory = self._filter.filtered(chunk, self._memory)
        squares = np.zeros(
            (len(chunk), CHUNK + 1), np.float32
        )  # where a step may begin after the last sample
        np.square(filtered, out=squares[:, :CHUNK])
        steps = range(self._steps(0) + 1, self._steps(length) + 1)
        edges = [0, *(-(-step * self._rate // STEP_HERTZ) - self._filtered for step in steps)]
        sums = (self._counts * np.add.reduceat(squares, edges, axis=1, dtype=float)).sum(axis=0)
        sums[0] += self._begun
        return sums[:-1], memory, float(sums[-1])

    def _steps(self, more: int) -> int:
        """How many steps end in all that was filtered and so many samples, also where no sample ends with them."""
        return (self._filtered + more) * STEP_HERTZ // self._rate
