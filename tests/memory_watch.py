"""How much memory a process takes meanwhile."""

import threading
from types import TracebackType

import psutil

LOOK_SECONDS = 0.1


class Watch:
    """Looks at a process again and again; `grown` are the bytes that it had more than at first, at most."""

    def __init__(self, process: psutil.Process) -> None:
        self._process, self._over = process, threading.Event()
        self._first = process.memory_info().rss
        self._looking = threading.Thread(target=self._look_on, daemon=True)
        self.grown = 0

    def __enter__(self) -> "Watch":
        self._looking.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._looking.join()

    def _look_on(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self.grown = max(self.grown, self._process.memory_info().rss - self._first)
