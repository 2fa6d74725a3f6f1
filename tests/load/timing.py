"""How long things take, and what the slow ones of them take."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import psutil


class Timing:
    """Seconds of many calls of a kind; every call must be answered well."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def call(self, ask: Callable[[], Any]) -> Any:
        """Ask, and note how long it took; AssertionError where the answer is no."""
        began = time.monotonic()
        outcome = ask()
        self.seconds.append(time.monotonic() - began)
        assert outcome.code == "OK", f"{outcome.code} {outcome.reason} {outcome.message}"
        return outcome

    def slower(self, share: float) -> float:
        """What that share of the calls was faster than, in milliseconds."""
        return slower(self.seconds, share)


def slower(seconds: Sequence[float], share: float) -> float:
    """What that share of them was faster than, in milliseconds."""
    return sorted(seconds)[int(len(seconds) * share)] * 1_000


def spent(process: psutil.Process) -> float:
    """The processor seconds that a process itself has taken so far, without its workers'."""
    return sum(process.cpu_times()[:2])
