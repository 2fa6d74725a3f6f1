"""How long things take, and what the slow ones of them take."""

import time
from collections.abc import Callable
from typing import Any


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
        return sorted(self.seconds)[int(len(self.seconds) * share)] * 1_000
