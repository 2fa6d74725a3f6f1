"""How steady an estimate of a stream is, and a tempo that does not jump between octaves."""

from collections import deque
from dataclasses import replace
from typing import Any

from samplemind_daemon.model import Descriptor

REMEMBERED_SECONDS = 8.0  # of earlier values that a value is compared with
SETTLED = 0.75  # stability from which on a tempo is held, ...
HEARD_SECONDS = 6.0  # ... once so much was heard
INSISTING_SECONDS = 8.0  # that another tempo must be the likelier one before it takes over
CLOSE = 0.04  # relative: as near as two tempi are the same, as tempo is scored


class Settling:
    """What a descriptor was over the last seconds of a stream."""

    def __init__(self) -> None:
        self._said: deque[tuple[float, Any]] = deque()
        self._held: float | None = None  # BPM
        self._challenged: float | None = None  # since when
        self.stability = 0.0  # the share of the last seconds in which it was what it is now, 0 to 1

    def see(self, one: Descriptor, seconds: float) -> Descriptor:
        """The estimate to be told, `seconds` into the stream: it, or of a tempo the one that is held."""
        if one.name == "tempo.bpm":
            one = self._hold(one, seconds)
        while self._said and self._said[0][0] < seconds - REMEMBERED_SECONDS:
            self._said.popleft()
        alike = sum(_alike(one.value, value) for _, value in self._said)
        self.stability = alike / len(self._said) if self._said and one.value is not None else 0.0
        self._said.append((seconds, one.value))
        return one

    def _hold(self, one: Descriptor, seconds: float) -> Descriptor:
        """The candidate next to the held tempo, until another one has been likelier for long."""
        if one.value is None or self._held is None or _alike(one.value, self._held):
            self._challenged = None
        else:
            self._challenged = seconds if self._challenged is None else self._challenged
            kept = next((each for each in one.candidates if _alike(each[0], self._held)), None)
            if kept and seconds - self._challenged < INSISTING_SECONDS:
                others = tuple(each for each in one.candidates if each is not kept)
                one = replace(
                    one, value=kept[0], confidence=kept[1], candidates=((one.value, one.confidence), *others)
                )
            else:
                self._held = self._challenged = None
        if one.value is not None and self.stability >= SETTLED and seconds >= HEARD_SECONDS:
            self._held = one.value
        return one


def _alike(one: Any, other: Any) -> bool:
    """Whether two values are the same; numbers, within a twenty-fifth."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= CLOSE * abs(other)
    return bool(one == other)
