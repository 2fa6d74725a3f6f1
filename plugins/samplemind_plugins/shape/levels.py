"""The level of a sound from step to step, at its own rate and in all its channels, gathered in bounded memory."""

import numpy as np
from numpy.typing import NDArray

from samplemind_sdk import Samples, added

STEPS_A_SECOND = 400  # 2.5 ms each
SMOOTH = 8  # steps, 20 ms, that an envelope is the mean power of: longer than a swing of the lowest tones
QUIETEST, LOUDEST = -160, 60  # whole dB that moments are remembered for
FINE = 4  # bins a dB of the levels that durations are counted in
GRID = np.arange(QUIETEST, LOUDEST + 1)

Numbers = NDArray[np.float64]


class Levels:
    """Sums over a stream, in whatever pieces it comes, and how loud it was when.

    A level is 10 * log10 of the mean square over a step and over all channels, in dB: 0 is a square
    wave of full scale.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self.step = max(1, round(rate / STEPS_A_SECOND))  # samples
        self.samples, self.steps = 0, 0
        self.peak = 0.0
        self.sums, self.squares, self.cross = np.zeros(channels), np.zeros(channels), np.zeros(())
        self._rest: Samples = np.zeros((channels, 0), np.float32)
        self._before = np.zeros(SMOOTH - 1)  # powers of the last steps
        self._first = np.full(
            len(GRID), -1
        )  # the step that was the first to reach each level; -1 if none did
        self._last = np.full(len(GRID), -1)
        self._counts = np.zeros(len(GRID) * FINE, int)  # how many smoothed steps were on each fine level

    def add(self, source: Samples) -> None:
        """Take in the next piece, shape (channels, any length)."""
        self.samples += source.shape[1]
        self.peak = max(self.peak, float(source.max(initial=0.0)), -float(source.min(initial=0.0)))
        waiting = np.concatenate([self._rest, source], axis=1) if self._rest.shape[1] else source
        steps = waiting.shape[1] // self.step
        self._rest = waiting[:, steps * self.step :].copy()
        if steps:
            self._gather(waiting[:, : steps * self.step].reshape(len(waiting), steps, self.step))

    def totals(self) -> tuple[Numbers, Numbers, float]:
        """The sums and the sums of squares of each channel, and the sum of the product of the first two."""
        rest = self._rest.astype(float)
        cross = float((rest[0] * rest[-1]).sum())
        return (
            self.sums + rest.sum(axis=1),
            self.squares + np.square(rest).sum(axis=1),
            float(self.cross) + cross,
        )

    def span(self, below: int) -> tuple[int, int] | None:
        """The first and the last step whose level is no more than so many dB below the loudest's, in whole dB."""
        reached = np.flatnonzero(self._first >= 0)
        if not len(reached):
            return None
        level = max(0, int(reached[-1]) - below)
        return int(self._first[level]), int(self._last[level])

    def steps_above(self, share: float) -> int:
        """For how many steps the envelope, an amplitude, was more than this share of its maximum."""
        loudest = int(np.flatnonzero(self._counts).max(initial=0))
        least = max(0, round(loudest + 20 * np.log10(share) * FINE))
        return int(self._counts[least:].sum())

    def _gather(self, cut: Samples) -> None:
        """Hear whole steps, shape (channels, steps, step)."""
        squares = np.einsum("cns,cns->cn", cut, cut)
        self.sums = added(self.sums, np.einsum("cns->nc", cut))
        self.squares = added(self.squares, squares.T)
        self.cross = added(self.cross, np.einsum("ns,ns->n", cut[0], cut[-1]))
        powers = squares.mean(axis=0, dtype=float) / self.step
        self._remember(powers)
        recent = np.concatenate([self._before, powers])
        smooth = np.sum([recent[late : late + len(powers)] for late in range(SMOOTH)], axis=0) / SMOOTH
        bins = np.clip((_decibels(smooth) - QUIETEST) * FINE, 0, len(self._counts) - 1).astype(int)
        self._counts += np.bincount(bins, minlength=len(self._counts))
        self._before = recent[-(SMOOTH - 1) :]
        self.steps += len(powers)

    def _remember(self, powers: Numbers) -> None:
        """Note when each level was first and last reached."""
        level = np.floor(_decibels(powers))
        count = len(level)
        first = np.searchsorted(np.maximum.accumulate(level), GRID)
        last = count - 1 - np.searchsorted(np.maximum.accumulate(level[::-1]), GRID)
        reached = first < count
        self._first = np.where(reached & (self._first < 0), self.steps + first, self._first)
        self._last = np.where(reached, self.steps + last, self._last)


def _decibels(power: Numbers) -> Numbers:
    level: Numbers = 10 * np.log10(np.maximum(power, 1e-30))
    return level
