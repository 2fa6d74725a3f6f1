"""Whose turn it is in a worker, and for how long each analyzer has had it."""

import ctypes
import time
from collections.abc import Sequence


class Turns:
    """`turn` holds which of the analyzers is at work, counted from 1, or 0: it outlives a sudden end."""

    def __init__(self, analyzers: Sequence[str], turn: ctypes.c_int) -> None:
        self._numbers = {"": 0} | {name: number for number, name in enumerate(analyzers, 1)}
        self._seconds = dict.fromkeys(self._numbers, 0.0)
        self._turn, self._name, self._since = turn, "", time.perf_counter()
        turn.value = 0

    def note(self, name: str) -> None:
        """From now on it is this analyzer's turn; "" where it is nobody's."""
        moment = time.perf_counter()
        self._seconds[self._name] += moment - self._since
        self._turn.value = self._numbers[name]
        self._name, self._since = name, moment

    def seconds(self, name: str) -> float:
        """How long it has been this analyzer's turn."""
        return self._seconds[name]
