"""True peak: how far the sound swings between its samples, by ITU-R BS.1770-5, Annex 2."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from samplemind_sdk import Samples

TAPS = 24  # samples that an interpolated one is made of, half on each side
SHARPNESS = 4.0  # Kaiser's beta; with 24 taps within 0.07 dB up to 0.4 of the rate, 0.45 dB to 20 kHz at 44.1
SEGMENT = 64  # places that are interpolated, or passed over, together
STRETCH = 8  # segments that are judged together first
CROWD = 512  # segments that are interpolated at a time: they stay in the processor's cache
ROUNDING = 1 + 1e-5  # by so much 24 float32 products may sum up to more than their bound
FOUR_TIMES_BELOW, TWICE_BELOW = 96_000, 192_000  # Hz; BS.1770-5, Annex 2: 192 kHz or more suffice


def interpolator(shift: float) -> Samples:
    """Kaiser-windowed sinc that gives the sound `shift` samples after the middle of TAPS, shape (TAPS,)."""
    away = np.arange(TAPS) - (TAPS // 2 - 1) - shift
    window = np.i0(SHARPNESS * np.sqrt(1 - (away / (TAPS / 2)) ** 2)) / np.i0(SHARPNESS)
    taps: Samples = (np.sinc(away) * window).astype(np.float32)
    return taps


class TruePeak:
    """The greatest swing of a stream in any channel, in whatever pieces it comes.

    No more is interpolated than has to be: segments that cannot exceed the peak so far are passed
    over, and those that may exceed it most are tried first. What a filter h makes of samples x, none
    greater than M and no two neighbours further apart than D, is at most M times the sum of |h|, and,
    after summation by parts around the nearest sample, at most M + D times the sum of |h cumulated|.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self.sample = self._swing = 0.0
        self._half = interpolator(0.5) if rate < TWICE_BELOW else None
        self._quarter = interpolator(0.25) if rate < FOUR_TIMES_BELOW else None
        filters = [taps for taps in (self._half, self._quarter) if taps is not None]
        self._gain = max((float(np.abs(taps).sum()) for taps in filters), default=0.0)
        self._slope = max((_slope(taps) for taps in filters), default=0.0)
        self._waiting = np.zeros((channels, TAPS - 1), np.float32)

    def add(self, source: Samples) -> None:
        """Take in the next piece, shape (channels, any length)."""
        self.sample = max(self.sample, float(source.max(initial=0.0)), -float(source.min(initial=0.0)))
        if not self._gain:
            return
        sound = np.concatenate([self._waiting, source], axis=1)
        done = (sound.shape[1] - TAPS + 1) // SEGMENT * SEGMENT
        self._swing = self._search(sound)
        self._waiting = sound[:, done:].copy()

    def true(self) -> float:
        """The greatest swing, with silence to follow; listening may go on."""
        if not self._gain:
            return self.sample
        after = np.zeros((len(self._waiting), TAPS - 1 + SEGMENT), np.float32)
        return max(self.sample, self._search(np.concatenate([self._waiting, after], axis=1)))

    def _search(self, sound: Samples) -> float:
        """The greatest swing so far and in this stretch of whole segments."""
        peak = max(self._swing, self.sample)
        for channel in sound:
            segments = _segments(channel)[self._suspects(channel, peak)]
            bounds = self._bounds(segments)
            order = np.argsort(-bounds)
            for first in range(0, len(order), CROWD):
                crowd = order[first : first + CROWD]
                crowd = crowd[bounds[crowd] > peak]
                if not len(crowd):
                    break
                peak = max(peak, self._interpolated(segments[crowd].T.copy()))
        return peak

    def _suspects(self, channel: Samples, peak: float) -> NDArray[np.intp]:
        """The segments in stretches that may exceed a peak by their greatest sample alone."""
        starts = range(0, len(channel), STRETCH * SEGMENT)
        largest = np.maximum.reduceat(np.abs(channel), starts)
        largest[:-1] = np.maximum(largest[:-1], largest[1:])  # segments reach into the next stretch
        found = np.flatnonzero(np.repeat(ROUNDING * self._gain * largest > peak, STRETCH))
        return found[found < len(_segments(channel))]

    def _bounds(self, segments: Samples) -> NDArray[np.float64]:
        """What each segment cannot exceed, shape (segments,)."""
        largest = np.abs(segments).max(axis=1).astype(float)
        steepest = np.abs(np.diff(segments, axis=1)).max(axis=1).astype(float)
        most: NDArray[np.float64] = np.minimum(self._gain * largest, largest + self._slope * steepest)
        return ROUNDING * most

    def _interpolated(self, columns: Samples) -> float:
        """The greatest magnitude between the samples of segments, shape (SEGMENT + TAPS - 1, segments).

        The filters for a quarter and three quarters are mirror images. With their even part E and odd
        part O of the sound, they give E + O and E - O, the greater magnitude of which is |E| + |O|.
        """
        half, even, odd = (np.zeros_like(columns[:SEGMENT]) for _ in range(3))
        both, part = np.empty_like(half), np.empty_like(half)
        for tap in range(TAPS // 2):
            near, far = columns[tap : tap + SEGMENT], columns[TAPS - 1 - tap :][:SEGMENT]
            np.add(near, far, out=both)
            if self._half is not None:
                half += np.multiply(both, self._half[tap], out=part)
            if self._quarter is not None:
                one, other = self._quarter[tap], self._quarter[TAPS - 1 - tap]
                even += np.multiply(both, (one + other) / 2, out=both)
                np.subtract(near, far, out=part)
                odd += np.multiply(part, (one - other) / 2, out=part)
        even = np.abs(even, out=even) + np.abs(odd, out=odd)
        return float(max(np.abs(half, out=half).max(), even.max()))


def _slope(taps: Samples) -> float:
    """The sum of the cumulated magnitudes of a filter, from both ends to its greatest tap."""
    centre = int(np.abs(taps).argmax())
    sides = taps[:centre], taps[:centre:-1]
    return float(sum(np.abs(np.cumsum(side, dtype=float)).sum() for side in sides))


def _segments(channel: Samples) -> Samples:
    """Segments with the samples that interpolation takes around them, (segments, SEGMENT + TAPS - 1)."""
    if len(channel) < SEGMENT + TAPS - 1:
        return np.zeros((0, SEGMENT + TAPS - 1), np.float32)
    return sliding_window_view(channel, SEGMENT + TAPS - 1)[::SEGMENT]
