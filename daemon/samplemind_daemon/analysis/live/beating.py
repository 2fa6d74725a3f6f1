"""Beats of a stream, told as they fall, with the next one to be expected."""

from collections.abc import Iterator
from dataclasses import dataclass

TOLERANCE = 0.5  # of a beat: one that is nearer to the last one that was told is the same


@dataclass(frozen=True)
class Beat:
    """A beat, and when the next one is expected; seconds from the start of the stream."""

    seconds: float
    next_seconds: float


class Beating:
    """Foretells beats from those that were found last, each beat once and in order."""

    def __init__(self) -> None:
        self._anchor = self._period = 0.0
        self._told = float("-inf")

    def learn(self, bpm: float | None, beats: tuple[float, ...]) -> None:
        """Go on from these beats, seconds, at this tempo; where none is known, tell no more."""
        if bpm is None or not beats:
            self._period = 0.0
            return
        self._period, self._anchor = 60.0 / bpm, beats[-1]

    def due(self, seconds: float) -> Iterator[Beat]:
        """The beats that fell until now and were not told yet."""
        if not self._period:
            return
        earliest = max(self._told + TOLERANCE * self._period, seconds - self._period)
        number = -(-(earliest - self._anchor) // self._period)  # the first that is not before
        while (at := self._anchor + number * self._period) <= seconds:
            self._told = at
            yield Beat(at, at + self._period)
            number += 1
