"""The tempi a sound may have: the peaks of several curves, and what listeners confuse them with."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

from samplemind_sdk import Samples

from .bands import FPS
from .envelopes import ALL, HIGH, LOW
from .grid import GRID, comb, place

RELATED = (1 / 3, 1 / 2, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 2, 3)
LOOP, BEATS = 12.0, (2, 3, 4, 6, 8, 12, 16, 24, 32, 64)  # a sound under 12 s may be a loop of so many beats
APART = 1.045  # closer tempi are one candidate: either would be right where the other is


@dataclass(frozen=True)
class Curves:
    """How salient each tempo of GRID is, by several measures of the same onsets."""

    comb: Samples  # of the mean of the registers
    both: Samples  # comb and Fourier transform, all registers as one
    product: Samples  # autocorrelation times Fourier transform
    high: Samples
    low: Samples

    @classmethod
    def of(cls, similar: Samples, spectral: Samples) -> "Curves":
        """The curves of the two tempograms, whose first rows are those of the envelopes."""
        return cls(
            np.maximum(comb(similar.mean(axis=0)), 0),
            np.sqrt(spectral[ALL]) * np.maximum(comb(similar[ALL]), 0),
            np.maximum(similar[ALL], 0) * spectral[ALL],
            np.maximum(comb(similar[HIGH]), 0),
            np.maximum(comb(similar[LOW]), 0),
        )


def candidates(
    curves: Curves, taps: float | None, seconds: float, slowest: float, fastest: float
) -> list[float]:
    """The tempi in question, slowest first, in BPM: at least one, and none within 4.5 % of another."""
    inside = (slowest <= GRID) & (fastest >= GRID)
    found: list[float] = []
    for curve, most in (
        (curves.comb, 5),
        (curves.both, 5),
        (curves.product, 2),
        (curves.high, 2),
        (curves.low, 2),
    ):
        peaks, _ = find_peaks(np.where(inside, curve, 0))
        found += list(GRID[peaks[np.argsort(-curve[peaks], kind="stable")][:most]])
    tops = [GRID[np.where(inside, curve, 0).argmax()] for curve in (curves.comb, curves.both)]
    found += [top * times for top in tops for times in RELATED]
    if taps:
        found += [taps * times for times in (1 / 2, 1, 2)]
    if seconds < LOOP:
        found += [60 * beats / seconds for beats in BEATS]
    kept = [tempo for tempo in found if slowest <= tempo <= fastest]
    return _merged(kept or [(slowest * fastest) ** 0.5], curves)


def _merged(tempi: list[float], curves: Curves) -> list[float]:
    kept: list[float] = []
    for tempo in sorted(tempi):
        if not kept or tempo >= APART * kept[-1]:
            kept.append(float(tempo))
        elif _strength(curves, tempo) > _strength(curves, kept[-1]):
            kept[-1] = float(tempo)
    return kept


def _strength(curves: Curves, tempo: float) -> float:
    return float(curves.comb[place(tempo)] * curves.both[place(tempo)])


def sharpened(correlation: Samples, tempo: float) -> float:
    """The tempo read off ever higher multiples of its lag in an autocorrelation, at most 1.8 % away."""
    lag = sharp = 60 * FPS / tempo
    multiple = 1
    while True:
        middle = sharp * multiple
        reach = max(2, 0.04 * middle if multiple == 1 else 0.1 * lag)
        start, end = int(middle - reach), int(np.ceil(middle + reach)) + 1
        if start < 1 or end + 1 >= len(correlation):
            return 60 * FPS / sharp
        peak = start + int(correlation[start:end].argmax())
        before, at, after = correlation[peak - 1 : peak + 2]
        if at > before and at >= after and at > 0.05:
            found = (peak + 0.5 * (before - after) / (before - 2 * at + after + 1e-12)) / multiple
            if abs(found / lag - 1) < 0.018:
                sharp = float(found)
        multiple *= 2
