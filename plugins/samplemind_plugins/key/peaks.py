"""The spectral peaks of a block: where in pitch there is a tone, how strong, and how steady."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from samplemind_sdk import RATE, Block, Samples, feature, mono

FRAME, HOP = 16_384, 8_192  # samples: 372 ms, so bins are 2.7 Hz apart
LOWEST, HIGHEST = 40.0, 2_700.0  # Hz; above it there is colour, not key
AROUND, PROMINENCE = 0.18, 1.5  # a peak is 1.5 times the mean of the +-18 % of frequencies around it
FIRST, END = int(LOWEST * FRAME / RATE), int(HIGHEST * FRAME / RATE)  # bins that may hold a peak
KEPT = int(END * (1 + AROUND)) + 8  # bins of a spectrum that are needed to judge them
AUDIBLE = 2_048  # bins, up to 5.5 kHz, whose energy says how loud a frame is; KEPT are among them

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Peaks:
    """All peaks of some frames; the arrays have one entry a peak."""

    frame: NDArray[np.intp]  # which of the frames it is in, counted from 0
    pitch: Numbers  # MIDI note number with its fraction: 69.0 is 440 Hz
    strength: Numbers  # amplitude
    steadiness: Numbers  # 0 to 1: how strong the bin is one frame before and after, the weaker of the two


@feature
def spectra(block: Block) -> tuple[Samples, Samples]:
    """Magnitudes of the frames that end in the block, shape (frames, KEPT), and the loudness of each."""
    signal = mono(block)
    filled = np.zeros(-len(signal) % HOP, np.float32)
    heard = np.concatenate([block.past.mean(axis=0)[-FRAME:], signal, filled])
    found = scipy.fft.rfft(sliding_window_view(heard, FRAME)[HOP::HOP] * _window())
    magnitudes = np.abs(found[:, :AUDIBLE])
    loudness: Samples = np.sqrt((magnitudes**2).sum(axis=1))
    return np.ascontiguousarray(magnitudes[:, :KEPT]), loudness


@cache
def _window() -> Samples:
    """Hann, so that a sine's magnitude is its amplitude."""
    window = np.hanning(FRAME).astype(np.float32)
    scaled: Samples = window / (window.sum() / 2)
    return scaled


def find(magnitudes: Samples) -> Peaks:
    """The peaks of all frames but the first and the last, which only tell how steady the others are.

    `magnitudes` has shape (frames + 2, KEPT). Most percussion has no such peaks, so no separation
    of drums is needed. Pitch and strength are read off a parabola through three log magnitudes.
    """
    inner = magnitudes[1:-1]
    middle = inner[:, FIRST:END]
    rising, falling = middle > inner[:, FIRST - 1 : END - 1], middle >= inner[:, FIRST + 1 : END + 1]
    frame, bins = np.nonzero(rising & falling & (middle > PROMINENCE * _surroundings(inner)))
    bins = bins + FIRST
    below, at, above = (np.log(inner[frame, bins + step] + 1e-12).astype(float) for step in (-1, 0, 1))
    offset = 0.5 * (below - above) / np.minimum(below - 2 * at + above, -1e-9)
    strength = np.exp(at - 0.25 * (below - above) * offset)
    before, after = (_near(magnitudes, frame + step, bins) for step in (0, 2))
    steadiness = np.minimum(1, np.minimum(before, after) / (strength + 1e-12))
    pitch = 69 + 12 * np.log2((bins + offset) * RATE / FRAME / 440)
    return Peaks(frame, pitch, strength, steadiness)


def _surroundings(magnitudes: Samples) -> Numbers:
    """The mean magnitude around each bin from FIRST to END."""
    low, high = _neighbours()
    sums = np.zeros((magnitudes.shape[1] + 1, len(magnitudes)))
    np.cumsum(magnitudes.T, axis=0, dtype=np.float64, out=sums[1:])
    mean: Numbers = ((sums[high] - sums[low]) / (high - low)[:, None]).T
    return mean


@cache
def _neighbours() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first bin around each from FIRST to END, and the first beyond."""
    bins = np.arange(FIRST, END)
    half = np.maximum(6, (bins * AROUND).astype(int))
    return np.maximum(0, bins - half), bins + half + 1


def _near(magnitudes: Samples, frame: NDArray[np.intp], bins: NDArray[np.intp]) -> Samples:
    """The largest magnitude at each bin or one beside it."""
    beside = [magnitudes[frame, bins + step] for step in (-1, 0, 1)]
    strongest: Samples = np.maximum.reduce(beside)
    return strongest
