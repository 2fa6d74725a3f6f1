"""Whether what happens in a sound fits its length: a loop holds a whole number of beats and starts on one."""

import math

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from .memory import FPS, Matrix

Numbers = NDArray[np.float64]

FINENESS = 8  # points of the spectrum for each cycle in the sound
SLOWEST, FASTEST = 0.4, 10.0  # Hz: pulses
BEATS = (1, 2, 4, 8, 16, 32, 64, 128)  # in a loop
DISTANCE = 5  # frames between onsets, at least


def rises(bands: Matrix) -> Numbers:
    """How much each frame brings that the one before did not have, in dB, shape (frames,).

    The sound's own beginning counts no more than its other onsets: it begins even where it was cut.
    """
    before = np.concatenate([np.full((1, bands.shape[1]), bands.min()), bands[:-1]])
    rise: Numbers = np.maximum(0, bands - before).mean(axis=1).astype(float)
    rise[:4] = np.minimum(rise[:4], np.quantile(rise, 0.9))
    return rise


def onsets(rise: Numbers, share: float) -> Numbers:
    """When something sets in, in frames; what is weaker than that share of the strongest is left out."""
    smooth = np.convolve(rise, [1, 1, 1])[1:-1]
    least = max(share * float(smooth.max()), float(np.median(smooth)) + 2.0)
    around = np.pad(smooth, DISTANCE, constant_values=-1.0)
    tops = np.lib.stride_tricks.sliding_window_view(around, 2 * DISTANCE + 1).max(axis=1)
    found = np.flatnonzero((smooth == tops) & (smooth >= least))
    return found[np.diff(found, prepend=-DISTANCE) > 1].astype(float)


def fit(rise: Numbers, seconds: float) -> dict[str, float]:
    """How much of the pulse has a whole number of cycles in the sound, and begins with it.

    In a loop of whole beats, the Fourier coefficients of the onsets lie at whole cycles, mostly at
    multiples of four or eight, and those of a loop that begins on a beat are real and positive.
    """
    heard = min(seconds, len(rise) / FPS)
    cycles, spectrum = _spectrum(rise, heard)
    size = np.abs(spectrum)
    total, power = size.sum() + 1e-9, (size**2).sum() + 1e-9
    found = {}
    for step in (1, 2, 4, 8):
        near = np.abs(cycles / step - np.round(cycles / step)) * step <= 0.25
        chance = near.mean() if len(near) else 1.0
        found[f"whole_{step}"] = float((size[near] ** 2).sum() / power - chance)
        exact = np.abs(cycles / step - np.round(cycles / step)) * step <= 0.07
        found[f"on_beat_{step}"] = float(spectrum[exact].real.sum() / (size[exact].sum() + 1e-9))
    found["strongest"] = float(size.max(initial=0) / total)
    found["aligned"] = _alignment(cycles, spectrum)
    return found


def _alignment(cycles: Numbers, spectrum: NDArray[np.complex128]) -> float:
    """The cosine of how far the strongest pulses are from whole cycles, weighted by their power."""
    size = np.abs(spectrum)
    inner = size[1:-1]
    if len(inner) < FINENESS:
        return 0.0
    tops = 1 + np.flatnonzero((inner >= size[:-2]) & (inner > size[2:]))
    best = tops[np.argsort(-size[tops], kind="stable")[:8]]
    weights = size[best] ** 2
    return float((weights * np.cos(2 * np.pi * cycles[best])).sum() / (weights.sum() + 1e-9))


def _spectrum(rise: Numbers, seconds: float) -> tuple[Numbers, NDArray[np.complex128]]:
    """The Fourier coefficients of the onsets, and how many cycles the sound holds of each."""
    points = FINENESS * max(1, len(rise))
    spectrum = scipy.fft.rfft(rise - rise.mean(), points)
    hertz = np.arange(len(spectrum)) * FPS / points
    pulses = (hertz >= max(SLOWEST, 0.9 / max(seconds, 1e-3))) & (hertz <= FASTEST)
    return hertz[pulses] * seconds, spectrum[pulses]


def roundness(seconds: float) -> float:
    """How near the length is to 2 ** n beats at a whole number of BPM: 1 to the millisecond, 0 from 30 ms on."""
    misses = [_miss(seconds, beats) for beats in BEATS if 60 <= 60 * beats / seconds <= 190]
    return max(0.0, 1 - math.log10(max(1.0, 1_000 * min(misses, default=1.0))) / math.log10(30))


def _miss(seconds: float, beats: int) -> float:
    return abs(seconds - 60 * beats / round(60 * beats / seconds))


def likeness(bands: Matrix) -> float:
    """The correlation of the second half with the first, but for their mean spectrum."""
    half = len(bands) // 2
    first, second = bands[:half] - bands.mean(axis=0), bands[half : 2 * half] - bands.mean(axis=0)
    norm = math.sqrt(float((first**2).sum()) * float((second**2).sum()))
    return float((first * second).sum()) / norm if norm > 1e-6 else 0.0


def periodicity(rise: Numbers) -> dict[str, float]:
    """The greatest autocorrelation of the onsets at a beat's and at a bar's distance."""
    size = scipy.fft.next_fast_len(2 * len(rise), real=True)
    power = np.abs(scipy.fft.rfft(rise - rise.mean(), size)) ** 2
    alike = scipy.fft.irfft(power, size)[: len(rise)]
    alike = (
        alike / (alike[0] + 1e-9) * len(rise) / np.maximum(len(rise) - np.arange(len(rise)), 0.3 * len(rise))
    )
    ranges = {"beat": (0.22, 1.2), "bar": (1.2, 4.2)}
    return {
        name: float(alike[int(low * FPS) : int(high * FPS)].max(initial=0))
        for name, (low, high) in ranges.items()
    }
