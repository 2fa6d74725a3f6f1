"""How periodic onsets are at each tempo of a logarithmic grid, on which an octave is a shift."""

from typing import Any

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from samplemind_sdk import Samples

from .bands import FPS
from .envelopes import autocorrelation

STEPS = 120  # in an octave
BOTTOM, OCTAVES = 15.0, 6  # BPM
GRID = BOTTOM * 2 ** (np.arange(OCTAVES * STEPS + 1) / STEPS)  # tempi, in BPM
WINDOW = int(16 * FPS)  # frames
RAY = 8_192  # frames of a Fourier transform
SLOWEST = int(60 / BOTTOM * FPS) + 2  # frames: no beat of GRID is longer

Numbers = NDArray[Any]  # of whatever precision is enough
Columns = dict[str, Numbers]  # evidence by name, one value a candidate


def place(tempo: float) -> int:
    """The grid's index nearest to a tempo, at least three steps from its ends."""
    return int(np.clip(round(float(np.log2(tempo / BOTTOM)) * STEPS), 3, len(GRID) - 4))


def tempograms(rows: Samples, autocorrelated: int) -> tuple[Samples, Samples]:
    """Autocorrelation of the first rows and Fourier magnitude of all, each shape (rows, len(GRID)).

    The mean over windows of 16 s, half overlapped; a sound under 24 s is one window.
    """
    similar, spectral = np.zeros((autocorrelated, len(GRID))), np.zeros((len(rows), len(GRID)))
    parts = stretches(rows.shape[1])
    for stretch in parts:
        part = rows[:, stretch]
        similar += between(autocorrelation(part[:autocorrelated], SLOWEST), 60 * FPS / GRID)
        spectral += between(_spectrum(part), GRID / 60 / FPS * RAY)
    return (
        maximum_filter1d(similar / len(parts), 3, axis=1).astype(np.float32),
        (spectral / len(parts)).astype(np.float32),
    )


def stretches(count: int) -> list[slice]:
    """Windows of 16 s, half overlapped, of so many frames; of less than 24 s all of them at once."""
    if count <= 1.5 * WINDOW:
        return [slice(0, count)]
    return [slice(start, start + WINDOW) for start in range(0, count - WINDOW + 1, WINDOW // 2)]


def _spectrum(part: Samples) -> Samples:
    """Magnitudes for whole numbers of cycles in RAY frames, 1 for a sine as strong as the part."""
    window = np.hanning(part.shape[1] + 2)[1:-1]
    swing = ((part - part.mean(axis=1, keepdims=True)) * window).astype(np.float32)
    energy = (swing**2).sum(axis=1, keepdims=True) * window.sum()
    magnitudes: Samples = np.abs(scipy.fft.rfft(swing, RAY, axis=1)) / (np.sqrt(energy) + 1e-9)
    return magnitudes


def between(rows: Samples, positions: Numbers) -> Samples:
    """The rows read at positions between their entries, on straight lines."""
    below = np.clip(positions.astype(int), 0, rows.shape[1] - 2)
    share = (positions - below).astype(np.float32)
    read: Samples = rows[:, below] * (1 - share) + rows[:, below + 1] * share
    return read


def comb(similar: Samples) -> Samples:
    """How well a tempo's beat, double, triple and quadruple lags agree, along the last axis."""
    result: Samples = (
        similar + 0.5 * slower(similar, 2) + 0.5 * slower(similar, 3) + 0.25 * slower(similar, 4)
    )
    return result


def slower(values: Samples, times: float) -> Samples:
    """At each tempo, the value of the tempo so many times slower; 0 where that is off the grid."""
    shift = round(float(np.log2(times)) * STEPS)
    moved = np.zeros_like(values)
    moved[..., shift:] = values[..., : values.shape[-1] - shift]
    return moved
