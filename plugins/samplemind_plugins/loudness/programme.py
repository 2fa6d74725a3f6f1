"""A programme's loudness over time, and what ITU-R BS.1770-5 and EBU Tech 3341 and 3342 make of it."""

import math
from array import array

import numpy as np

from .weighting import STEP_HERTZ, Powers

TENTH = STEP_HERTZ // 10  # steps in 100 ms, the hop of the gating blocks: 400 ms that overlap by 75 %
MOMENT, SHORT = 4, 30  # tenths of a second in the sliding windows of Tech 3341, 2.2: 400 ms and 3 s
OFFSET = -0.691  # LUFS; BS.1770-5, Annex 1, equation 2
ABSOLUTE_GATE = 10 ** ((-70 - OFFSET) / 10)  # power; BS.1770-5, Annex 1, equation 5: -70 LUFS
RELATIVE_GATE = 10 ** (-10 / 10)  # of the mean power; BS.1770-5, Annex 1, equation 6: -10 LU
RANGE_GATE = 10 ** (-20 / 10)  # of the mean power; Tech 3342, 3.1: -20 LU
RANGE_LOW, RANGE_HIGH = 0.10, 0.95  # quantiles; Tech 3342, 3.1


def loudness(power: float) -> float:
    """A mean power as LUFS."""
    return OFFSET + 10 * math.log10(power)


class Programme:
    """Remembers 8 bytes for every 100 ms, which is 288 kB an hour, and the last three seconds finely."""

    def __init__(self, rate: int) -> None:
        self._tenth = rate / 10  # samples
        self._energies = array("d")  # of each 100 ms
        self._recent = np.zeros(0)  # of each step, from the beginning of a 100 ms
        self._before = 0  # how many 100 ms came before the recent ones
        self._loudest = {MOMENT: -1.0, SHORT: -1.0}  # energy; -1 until a window is full

    def add(self, energies: Powers) -> None:
        """Take in the energies of the next steps, shape (steps,)."""
        recent = np.concatenate([self._recent, energies])
        tenths = _sliding(recent, TENTH, 1)
        fresh = tenths[::TENTH][len(self._energies) - self._before :]
        self._energies.frombytes(fresh.tobytes())
        for window in self._loudest:
            sums = _sliding(tenths, window, TENTH)
            self._loudest[window] = float(max(sums.max(initial=-1.0), self._loudest[window]))
        past = max(0, len(recent) - SHORT * TENTH) // TENTH
        self._recent, self._before = recent[past * TENTH :], self._before + past

    def loudest(self, window: int) -> float | None:
        """The greatest mean power in `window` tenths of a second, sought every 10 ms; None if too short."""
        energy = self._loudest[window]
        return energy / (window * self._tenth) if energy >= 0 else None

    def latest(self, window: int) -> float | None:
        """The mean power of the last `window` tenths of a second, to the last whole 10 ms; None if too short."""
        steps = window * TENTH
        if len(self._recent) < steps:
            return None
        return float(self._recent[-steps:].sum()) / (window * self._tenth)

    def integrated(self) -> float | None:
        """The mean power of the 400 ms blocks that pass both gates; None if no block does."""
        return _gated_mean(self._powers(MOMENT))

    def range(self) -> float | None:
        """Tech 3342: LU from the 10th to the 95th percentile of the gated short-term loudness, if any is."""
        powers = self._powers(SHORT)
        powers = powers[powers >= ABSOLUTE_GATE]
        if not len(powers):
            return None
        powers = np.sort(powers[powers >= RANGE_GATE * powers.mean()])
        low, high = (powers[round((len(powers) - 1) * share)] for share in (RANGE_LOW, RANGE_HIGH))
        return 10 * math.log10(high / low)

    def _powers(self, window: int) -> Powers:
        return _sliding(np.array(self._energies), window, 1) / (window * self._tenth)


def _gated_mean(powers: Powers) -> float | None:
    """BS.1770-5, Annex 1, equations 5 to 7."""
    powers = powers[powers > ABSOLUTE_GATE]
    if not len(powers):
        return None
    return float(powers[powers > RELATIVE_GATE * powers.mean()].mean())


def _sliding(values: Powers, count: int, stride: int) -> Powers:
    """The sum of `count` values, `stride` apart, from each place where there are so many.

    Added in this order, the sums do not depend on where a stream was cut, not even in the last bit.
    """
    places = max(0, len(values) - (count - 1) * stride)
    sums = np.zeros(places)
    for number in range(count):
        sums += values[number * stride : number * stride + places]
    return sums
