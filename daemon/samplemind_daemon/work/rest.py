"""A rest after something went wrong that no job is to blame for, twice as long each time in a row."""

import time

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 30.0


class Rest:
    """Says how long nothing is to be begun."""

    def __init__(self, longest_seconds: float = LONGEST_SECONDS) -> None:
        self._longest = longest_seconds
        self._seconds = self._until = 0.0

    @property
    def seconds_left(self) -> float:
        """0 where there is nothing to wait for."""
        return max(0.0, self._until - time.monotonic())

    def begin(self) -> None:
        """Something went wrong."""
        self._seconds = min(max(FIRST_SECONDS, 2 * self._seconds), self._longest)
        self._until = time.monotonic() + self._seconds

    def forget(self) -> None:
        """Something went well: the next rest is a short one again."""
        self._seconds = 0.0
