"""Score the onsets of pieces whose notes are known, because they are composed and played: ours beside aubio's.

Needs what plugins/training/key needs, FluidSynth and two soundfonts, and plays its pieces of other numbers.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import aubio
import numpy as np

from samplemind_plugins.shape.onsets import Onsets, Times
from samplemind_sdk import RATE, Samples
from samplemind_sdk.testing import describe

sys.path.insert(0, str(Path(__file__).parents[1] / "key"))
from composing import compose
from rendering import render
from score import ON, TICKS, Score

PIECES = range(5_000, 5_060)  # the pieces that aubio and the thresholds were compared on
OTHERS = range(6_000, 6_060)  # pieces that nothing was chosen on
TOGETHER = 0.03  # seconds; notes so near each other are one onset
TOLERANCES = (0.05, 0.025)  # seconds
FRAME, HOP = 1_024, 512  # aubio's defaults


def truth(score: Score) -> Times:
    """When notes begin, in seconds."""
    begun = sorted({tick * 60 / score.bpm / TICKS for tick, event in score._events if event[0] & 0xF0 == ON})
    kept = begun[:1]
    for time in begun[1:]:
        if time - kept[-1] > TOGETHER:
            kept.append(time)
    return np.array(kept)


def ours(sound: Samples) -> Times:
    """What the analyzer finds."""
    return np.array(describe(Onsets(), sound[None])["times"])


def theirs(sound: Samples) -> Times:
    """What aubio finds with its defaults."""
    detector, found = aubio.onset("default", FRAME, HOP, RATE), []
    for start in range(0, len(sound) - HOP, HOP):
        if detector(sound[start : start + HOP])[0]:
            found.append(detector.get_last_s())
    return np.array(found)


def matches(true: Times, found: Times, tolerance: float) -> int:
    """How many pairs there are, each onset in one at most."""
    pairs = first = second = 0
    while first < len(true) and second < len(found):
        late = found[second] - true[first]
        pairs += abs(late) <= tolerance
        first += late >= -tolerance
        second += late <= tolerance
    return pairs


def report(numbers: range, find: Callable[[Samples], Times]) -> str:
    """Precision, recall and F-measure over all onsets, for each tolerance."""
    counts = np.zeros((len(TOLERANCES), 3))
    for number in numbers:
        score = compose(number).score
        true, sound = truth(score), render(score, number)
        if len(true) and len(sound) > RATE:
            found = find(sound)
            counts += [(matches(true, found, within), len(found), len(true)) for within in TOLERANCES]
    scores = (
        f"{hits / found:.3f} {hits / true:.3f} {2 * hits / (found + true):.3f}"
        for hits, found, true in counts
    )
    return " · ".join(scores)


if __name__ == "__main__":
    for what, numbers in (("chosen on", PIECES), ("others", OTHERS)):
        for name, find in (("ours", ours), ("aubio", theirs)):
            print(what, name, report(numbers, find))
