"""How well many sounds fit one, aspect by aspect: where each number comes from is in docs/models/compatible.md."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samplemind_daemon.library.fitting import keys
from samplemind_daemon.library.likeness.rows import Table
from samplemind_daemon.model import Wish

Numbers = NDArray[np.float64]

RATIOS = np.array([1, 2, 1 / 2, 3 / 2, 2 / 3])  # of tempos that go together
COSTS = np.array([1, 0.95, 0.95, 0.6, 0.6])  # the best score at each of them
OUT_OF_TUNE = 50.0  # cents: a quarter tone, and no two sounds are farther apart
TOO_LOUD = 24.0  # LU
AUDIBLE = 30.0  # dB below its loudest band that a band of a sound is heard in a mix
NEARLY = 0.0005  # a share of a speed that makes no difference
NEITHER = 0.5  # the score of what fits neither well nor badly
WEIGHTS = {"tempo": 3.0, "key": 2.0, "tuning": 1.0, "loudness": 1.0, "spectrum": 0.5}


@dataclass(frozen=True)
class Scores:
    """Of each sound: each aspect's score, NaN where it is not known or not needed, and what makes it fit so well."""

    aspects: dict[str, Numbers]  # from 0 to 1, shape (rows,)
    ratio: NDArray[np.intp]  # which of RATIOS
    speed: Numbers  # its own is multiplied by that; NaN where a tempo is not known or none is needed
    shift: Numbers  # semitones from the sample's pitch to its own, played at that speed
    total: Numbers

    def change(self, row: int) -> float | None:
        """What a sound's speed is multiplied by; None where it is not known, too much, or no change at all."""
        speed = float(self.speed[row])
        return speed if self.aspects["tempo"][row] > 0 and abs(speed - 1) >= NEARLY else None


def score(sample: Table, others: Table, wish: Wish) -> Scores:
    """How well others fit a sample, a table of one row."""
    tempo, ratio, speed = _tempo(sample, others, wish.stretch_limit)
    moved = np.where((tempo > 0) & (not wish.keep_pitch), 12 * np.log2(speed), 0.0)
    apart = (others["tuning"] - sample["tuning"]) / 100
    shift = moved + np.nan_to_num(apart)
    key = _key(sample, others, np.rint(shift).astype(int))
    aspects = {
        "tempo": tempo,
        "key": key,
        "tuning": np.where(np.isnan(key) | np.isnan(apart), np.nan, _tuning(shift)),
        "loudness": np.clip(1 - np.abs(others["loudness"] - sample["loudness"]) / TOO_LOUD, 0, 1),
        "spectrum": _room(sample["bands"], others["bands"]),
    }
    return Scores(aspects, ratio, speed, shift, _total(aspects))


def _tempo(sample: Table, others: Table, limit: float) -> tuple[Numbers, NDArray[np.intp], Numbers]:
    """The score of each, the ratio of tempos that costs it least, and its speed then.

    It falls in a straight line with the stretch, in octaves, and is 0 from the limit on.
    """
    known = np.where((others["bpm"] > 0) & (sample["bpm"] > 0), others["bpm"], np.nan)
    speeds = RATIOS * sample["bpm"][:, None] / known[:, None]
    stretches = np.abs(np.log2(speeds)) / np.log2(1 + limit)
    scores = COSTS * np.clip(1 - stretches, 0, 1)
    best = np.where(scores.max(axis=1) > 0, scores.argmax(axis=1), stretches.argmin(axis=1))
    row = np.arange(len(best))
    return scores[row, best], best, speeds[row, best]


def _key(sample: Table, others: Table, shifts: NDArray[Any]) -> Numbers:
    mine, theirs = (_chances(one["keys"]) for one in (sample, others))
    found = keys.expected(mine[0], np.nan_to_num(theirs), shifts)
    return np.where(np.isnan(theirs[:, 0]) | np.isnan(mine[0, 0]), np.nan, found)


def _chances(counts: NDArray[np.uint8]) -> Numbers:
    """How likely each key is; NaN where none is known."""
    whole = counts.sum(axis=1, keepdims=True, dtype=float)
    return np.where(whole > 0, counts / np.maximum(whole, 1), np.nan)


def _tuning(shift: Numbers) -> Numbers:
    return 1 - 100 * np.abs(shift - np.rint(shift)) / OUT_OF_TUNE


def _room(sample: NDArray[np.uint8], others: NDArray[np.uint8]) -> Numbers:
    """The share of what is heard of the quieter spectrum that the other does not cover."""
    mine, theirs = _heard(sample), _heard(others)
    covered = np.minimum(mine, theirs).sum(axis=1)
    least = np.minimum(mine.sum(axis=1), theirs.sum(axis=1))
    return np.where(least > 0, 1 - covered / np.maximum(least, 1e-9), np.nan)


def _heard(bands: NDArray[np.uint8]) -> Numbers:
    """How far each band stands out of what a mix covers, from 0 to 1; zeros where nothing is known."""
    below = (bands.max(axis=1, keepdims=True).astype(float) - bands) * 96 / 255  # dB
    return np.where(bands.max(axis=1, keepdims=True) > 0, np.clip(1 - below / AUDIBLE, 0, 1), 0)


def _total(aspects: dict[str, Numbers]) -> Numbers:
    """The mean of the aspects, weighed; one without a score counts as a half.

    Were it left out, whatever has no tempo and no key would come before all that has both.
    """
    scores = np.array([aspects[name] for name in WEIGHTS])
    weights = np.array(list(WEIGHTS.values()))
    found: Numbers = weights @ np.where(np.isnan(scores), NEITHER, scores) / weights.sum()
    return found
