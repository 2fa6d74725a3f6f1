"""How a sound goes in time, as numbers: the pattern of its onsets at any tempo, and how it swells and fades."""

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from samplemind_sdk import Block, Samples, added

from ..shape.bands import FPS, energies
from ..shape.novelty import Novelty
from ..shape.onsets import peaks
from .gathered import QUIETEST, Numbers

LONGEST = 2 * 3_600 + 900  # seconds; 690 bytes are kept of each
LAGS = int(8 * FPS)  # frames, 8 s
SHORTEST_LAG = 0.08  # seconds
STEPS, SCALES = 256, 25  # of the logarithm of a lag; and of its spectrum
LOW, HIGH = slice(0, 8), slice(24, None)  # bands: up to 560 Hz, and from 2.8 kHz
CAP = 20.0  # seconds; whatever lasts longer counts as this long


class Rhythm:
    """Remembers the level and the novelty of each frame."""

    def __init__(self) -> None:
        self._novelty, self._registers = Novelty(), Registers()
        self._levels: list[Samples] = []  # dB
        self._rises: list[Samples] = []  # dB, the mean over all bands
        self._frames = 0

    def add(self, block: Block) -> None:
        """Hear a block; what is beyond the longest is not remembered."""
        if self._frames > LONGEST * FPS or not block.length:
            return
        power = energies(block).sum(axis=1)
        rises = self._novelty.rises(block)
        self._levels.append(10 * np.log10(np.maximum(power, np.float32(10 ** (QUIETEST / 10)))))
        self._rises.append(rises.mean(axis=1))
        self._registers.add(rises)
        self._frames += len(power)

    def parts(self) -> dict[str, Numbers]:
        """The numbers by what they say; a sound of one frame at least."""
        rises = np.concatenate(self._rises).astype(float)
        levels = np.concatenate(self._levels).astype(float)
        strokes = np.array([
            np.log10(len(peaks(rises.astype(np.float32))) / len(levels) + 0.01),
            np.log10(rises.mean() + 0.1) if len(rises) else -1.0,
            rises.std() / (rises.mean() + 0.1) if len(rises) else 0.0,
        ])  # fmt: skip
        return {
            "pattern": pattern(rises),
            "envelope": envelope(levels - levels.max()),
            "strokes": np.concatenate([strokes, self._registers.shares()]),
        }


class Registers:
    """Running sums of the novelty in the low, the middle and the high bands."""

    def __init__(self) -> None:
        self._sums, self._products, self._frames = np.zeros(3), np.zeros((3, 3)), 0

    def add(self, rises: Samples) -> None:
        """Take in rises of shape (frames, bands)."""
        between = slice(LOW.stop, HIGH.start)
        means = np.stack([rises[:, bands].mean(axis=1, dtype=float) for bands in (LOW, between, HIGH)])
        self._sums = added(self._sums, means.T)
        self._products = added(self._products, np.einsum("in,jn->nij", means, means))
        self._frames += len(rises)

    def shares(self) -> Numbers:
        """How far low and high go together, -1 to 1; and the logarithm of each register's share, shape (4,)."""
        frames = max(1, self._frames)
        covariance = self._products / frames - np.outer(self._sums, self._sums) / frames**2
        spread = np.sqrt(max(0.0, covariance[0, 0] * covariance[2, 2]))
        together = covariance[0, 2] / spread if spread > 1e-9 else 0.0
        shares = self._sums / (self._sums.sum() + 1e-9)
        return np.append(together, np.log10(shares + 0.02))


def pattern(rises: Numbers) -> Numbers:
    """What recurs in the novelty, whatever the tempo: shape (SCALES,), of length 1.

    The scale transform of the autocorrelation, as in A. Holzapfel and Y. Stylianou, Scale transform in
    rhythmic similarity of music, IEEE TASLP 19(1), 2011: on a logarithmic axis of lags another tempo is a
    shift, which the magnitude of a Fourier transform does not show.
    """
    logarithm = np.linspace(np.log(SHORTEST_LAG), np.log(LAGS / FPS), STEPS)
    at_lags = np.interp(np.exp(logarithm) * FPS, np.arange(LAGS + 1), autocorrelation(rises))
    weighted = np.maximum(0, at_lags) * np.exp(logarithm / 2) * np.hanning(STEPS) ** 0.25
    magnitudes = np.abs(scipy.fft.rfft(weighted, 2 * STEPS))[:SCALES]
    found: Numbers = magnitudes / (np.linalg.norm(magnitudes) + 1e-6)
    return found


def autocorrelation(rises: Numbers) -> Numbers:
    """Of what is above or below the mean, 1 at lag 0, shape (LAGS + 1,)."""
    if not len(rises):
        return np.zeros(LAGS + 1)
    size = scipy.fft.next_fast_len(len(rises) + LAGS, real=True)
    power = np.abs(scipy.fft.rfft(rises - rises.mean(), size)) ** 2
    found = scipy.fft.irfft(power, size)[: LAGS + 1]
    found[len(rises) :] = 0
    normed: Numbers = found / (found[0] + 1e-9)
    return normed


def envelope(levels: Numbers) -> Numbers:
    """How long it lasts and how it fades, from levels in dB below the loudest: shape (8,)."""
    power = 10 ** (levels / 10)
    seconds = np.arange(len(levels)) / FPS
    middle = (seconds * power).sum() / power.sum()
    around = np.sqrt(((seconds - middle) ** 2 * power).sum() / power.sum())
    lasts = [np.count_nonzero(levels > -below) / FPS for below in (8, 20, 40)]
    times = np.minimum(CAP, [*lasts, around, levels.argmax() / FPS])
    heard: NDArray[np.bool_] = levels > -50
    steps = np.abs(np.diff(levels))[heard[1:]]
    moves = [levels[heard].std(), levels[heard].mean(), steps.mean() if len(steps) else 0.0]
    return np.concatenate([np.log10(times + 0.01), moves])
