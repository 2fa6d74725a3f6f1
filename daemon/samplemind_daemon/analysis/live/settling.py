"""How steady an estimate of a stream is, and a tempo that does not jump between octaves."""

import math
from collections import deque
from dataclasses import dataclass, replace
from typing import Any

from samplemind_daemon.model import Descriptor

REMEMBERED_SECONDS = 8.0  # of earlier values that a value is compared with
CLOSE = 0.04  # relative: as near as two tempi are the same, as tempo is scored


class Settling:
    """What a descriptor was over the last seconds of a stream."""

    def __init__(self) -> None:
        self._said: deque[tuple[float, Any]] = deque()
        self._ballot = _Ballot()
        self.stability = 0.0  # the share of the last seconds in which it was what it is now, 0 to 1

    def see(self, one: Descriptor, seconds: float) -> Descriptor:
        """The estimate to be told, `seconds` into the stream: it, or of a tempo the one that most speaks for."""
        if one.name == "tempo.bpm":
            one = self._ballot.see(one, seconds)
        while self._said and self._said[0][0] < seconds - REMEMBERED_SECONDS:
            self._said.popleft()
        alike = sum(_alike(one.value, value) for _, value in self._said)
        self.stability = alike / len(self._said) if self._said and one.value is not None else 0.0
        self._said.append((seconds, one.value))
        return one


@dataclass
class _Candidate:
    """A tempo, and what has spoken for it, the latest most."""

    bpm: float
    weight: float


class _Ballot:
    """What every estimate of the tempo so far says together; docs/accuracy/tempo.md has what it is worth."""

    FADE_SECONDS = 8.0  # after which an estimate counts for 1/e
    WARM_SECONDS = 6.0  # from which on one counts in full
    LEAD = 1.3  # times the weight of the tempo that was told, for another one to be told

    def __init__(self) -> None:
        self._candidates: list[_Candidate] = []
        self._seconds = 0.0
        self._told: float | None = None

    def see(self, one: Descriptor, seconds: float) -> Descriptor:
        """The estimate with the tempo that leads as its value."""
        if one.value is None:
            return one
        fade, self._seconds = math.exp((self._seconds - seconds) / self.FADE_SECONDS), seconds
        self._candidates = [replace(each, weight=each.weight * fade) for each in self._candidates]
        said = {one.value: one.confidence, **dict(one.candidates)}
        for bpm, confidence in said.items():
            self._add(bpm, (confidence or 0.0) * min(1.0, seconds / self.WARM_SECONDS))
        self._told = self._leader().bpm
        mine = next((bpm for bpm in said if _alike(bpm, self._told)), self._told)
        others = tuple((bpm, sure) for bpm, sure in said.items() if bpm != mine)
        return replace(one, value=mine, confidence=said.get(mine), candidates=others)

    def _add(self, bpm: float, weight: float) -> None:
        known = next((each for each in self._candidates if _alike(each.bpm, bpm)), None)
        if known is None:
            self._candidates.append(_Candidate(bpm, weight))
        else:
            known.bpm, known.weight = bpm, known.weight + weight

    def _leader(self) -> _Candidate:
        best = max(self._candidates, key=lambda each: each.weight)
        told = [each for each in self._candidates if _alike(each.bpm, self._told)]
        return told[0] if told and best.weight < self.LEAD * told[0].weight else best


def _alike(one: Any, other: Any) -> bool:
    """Whether two values are the same; numbers, within a twenty-fifth."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= CLOSE * abs(other)
    return bool(one == other)
