"""Beat grids: beats as stretches of steady tempo."""

from collections.abc import Sequence
from dataclasses import dataclass

APART = 0.03  # seconds by which a beat of the grid may lie beside the one that was heard


@dataclass(frozen=True)
class Stretch:
    """From a beat on, steady until the next stretch."""

    start: float  # seconds
    bpm: float
    first: int  # the number of the beat


def stretches(beats: Sequence[float], apart: float = APART) -> list[Stretch]:
    """As few as hold all beats, each as long as a steady tempo keeps to within `apart` of them.

    From its first beat on, each further beat leaves fewer tempi (an interval of periods); where none is left, the
    next stretch begins at the beat before: the greedy cone of piecewise linear approximation (Gritzali and
    Papakonstantinou 1983).
    """
    found: list[Stretch] = []
    first = 0
    while first < len(beats) - 1:
        low, high, last = 0.0, float("inf"), first
        for number in range(first + 1, len(beats)):
            count = number - first
            least = max(low, (beats[number] - apart - beats[first]) / count)
            most = min(high, (beats[number] + apart - beats[first]) / count)
            if least > most:
                break
            low, high, last = least, most, number
        period = min(max((beats[last] - beats[first]) / (last - first), low), high)
        if period <= 0:
            return found
        found.append(Stretch(beats[first], 60 / period, first))
        first = last
    return found


def in_bar(number: int, beats: Sequence[float], downbeats: Sequence[float]) -> int:
    """Which beat of its bar the beat with this number is, from 1 on; 1 where no two bars are known."""
    if len(downbeats) < 2:
        return 1
    first, second = (
        min(range(len(beats)), key=lambda place: abs(beats[place] - one)) for one in downbeats[:2]
    )
    return (number - first) % (second - first) + 1 if second > first else 1
