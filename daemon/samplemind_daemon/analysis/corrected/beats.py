"""Beats and bars that were heard at one tempo, told at another."""

from collections.abc import Sequence
from itertools import pairwise

NEAR = 0.04  # by which tempi may differ that are held equal, as tempo.bpm's confidence has it
MOST = 4  # times as fast or as slow, for which beats can be told

Times = tuple[float, ...]  # seconds


def times(ratio: float) -> int | None:
    """By what a tempo was multiplied: 2, or -2 where it was halved, 1 if it is as good as the same.

    None where it is none of these, up to MOST.
    """
    for whole in range(1, MOST + 1):
        if abs(ratio / whole - 1) <= NEAR:
            return whole
        if abs(ratio * whole - 1) <= NEAR:
            return -whole
    return None


def told(beats: Times, factor: int, first_bar: int, seconds: float) -> Times:
    """The beats, `factor` times as many or as few; of fewer, that with the number `first_bar` stays."""
    return thinned(beats, -factor, first_bar) if factor < 0 else filled(beats, factor, seconds)


def thinned(beats: Times, factor: int, first_bar: int) -> Times:
    """Every second, third … beat."""
    return beats[first_bar % factor :: factor]


def filled(beats: Times, factor: int, seconds: float) -> Times:
    """The beats with others at equal distances between them, and as far as the sound goes around them."""
    if factor == 1 or len(beats) < 2:
        return beats
    between = [a + (b - a) * part / factor for a, b in pairwise(beats) for part in range(factor)]
    head = (beats[1] - beats[0]) / factor
    tail = (beats[-1] - beats[-2]) / factor
    before = [beats[0] - head * part for part in range(factor - 1, 0, -1)]
    after = [beats[-1] + tail * part for part in range(factor)]
    every = [*(one for one in before if one >= 0), *between, *after]
    return tuple(round(one, 4) for one in every if one < seconds or one <= beats[-1])


def bar(beats: Times, downbeats: Times) -> tuple[int, int] | None:
    """The number of the beat that begins the first bar, and how many beats a bar has; None if they do not tell."""
    places = {beat: place for place, beat in enumerate(beats)}
    found = [places.get(beat) for beat in downbeats[:2]]
    if len(found) < 2 or found[0] is None or found[1] is None:
        return None
    return found[0], found[1] - found[0]


def bars(beats: Sequence[float], first: float, length: int) -> Times:
    """The beats that begin bars of so many beats, if the one that is nearest to `first` does."""
    nearest = min(range(len(beats)), key=lambda place: abs(beats[place] - first))
    return tuple(beats[nearest % length :: length])
