"""How many calls run at a time: of one caller so many that nobody notices, of all no more than can be served soon."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from samplemind_daemon.refusals import Exhausted

# Of a user, or of a place where nobody is signed in; and of all.
MOST_CALLS, MOST_CALLS_OF_ALL = 128, 256  # that are answered with one message: within a second even of 300/s
MOST_UPLOADS, MOST_UPLOADS_OF_ALL = 64, 256  # that send something
MOST_STREAMS, MOST_STREAMS_OF_ALL = 1_250, 2_720


class Crowd:
    """Counts the calls of a kind that run, by whoever makes them."""

    def __init__(self, most: int, what: str, most_of_all: int | None = None) -> None:
        self._most, self._what, self._most_of_all = most, what, most_of_all
        self._running: Counter[str] = Counter()
        self._all = 0

    def __len__(self) -> int:
        """How many run."""
        return self._all

    @property
    def is_full(self) -> bool:
        """Whether so many run that none of anyone's can be taken."""
        return self._most_of_all is not None and self._all >= self._most_of_all

    @contextmanager
    def one(self, who: str) -> Iterator[None]:
        """Be counted as long as the call runs; Exhausted, at once, where too many run already."""
        if self._running[who] >= self._most:
            raise self._too_many(f"At most {self._most:,} {self._what} can run at a time.")
        if self._most_of_all is not None and self._all >= self._most_of_all:
            raise self._too_many(
                f"At most {self._most_of_all:,} {self._what} of all users can run at a time."
            )
        self._running[who] += 1
        self._all += 1
        try:
            yield
        finally:
            self._all -= 1
            self._running[who] -= 1
            if not self._running[who]:
                del self._running[who]

    def refusal(self) -> Exhausted:
        """What is said where too many run already."""
        return self._too_many(f"At most {self._most_of_all:,} {self._what} of all users can run at a time.")

    def _too_many(self, message: str) -> Exhausted:
        return Exhausted(f"TOO_MANY_{self._what.upper()}", message, retry_seconds=1)
