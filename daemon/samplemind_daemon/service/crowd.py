"""How many calls of one caller run at a time: so many that nobody notices, too few to leave none for others."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from samplemind_daemon.refusals import Exhausted

MOST_OF_ONE = 1_250  # calls and streams of a user, or of a place where nobody is signed in


class Crowd:
    """Counts the calls that run, or those of a kind, by whoever makes them."""

    def __init__(self, most: int = MOST_OF_ONE, what: str = "calls") -> None:
        self._most, self._what = most, what
        self._running: Counter[str] = Counter()

    @contextmanager
    def one(self, who: str) -> Iterator[None]:
        """Be counted as long as the call runs; Exhausted where too many run already."""
        if self._running[who] >= self._most:
            message = f"At most {self._most:,} {self._what} can run at a time."
            raise Exhausted(f"TOO_MANY_{self._what.upper()}", message, retry_seconds=1)
        self._running[who] += 1
        try:
            yield
        finally:
            self._running[who] -= 1
            if not self._running[who]:
                del self._running[who]
