"""Who gets the next seat: interactive jobs before batches, and a batch now and then whatever comes."""

import time
from collections import Counter

from samplemind_daemon.model import Lane

HUNGRY_SECONDS = (
    10.0  # that a batch may wait behind those who are waited for; then one of its jobs goes first
)


class Lanes:
    """Counts the jobs at work: who is waited for may fill every seat, batches all but one."""

    def __init__(self, batch_seats: int) -> None:
        self._batch_seats, self.seats = batch_seats, batch_seats + 1
        self._taken: Counter[Lane] = Counter()
        self._fed_at = time.monotonic()  # when a batch job was last at work, or none was waiting

    @property
    def left(self) -> int:
        """How many seats are not taken."""
        return max(0, self.seats - self._taken.total())

    def free(self) -> list[Lane]:
        """The queues that there is room for, the first one first."""
        batch, interactive = self._taken[Lane.BATCH], self._taken[Lane.INTERACTIVE]
        lanes = [Lane.INTERACTIVE] if interactive < self.seats else []
        if batch < self._batch_seats and batch + interactive < self.seats:
            hungry = not batch and time.monotonic() - self._fed_at > HUNGRY_SECONDS
            lanes.insert(0 if hungry else 1, Lane.BATCH)
        return lanes

    def take(self, lane: Lane) -> None:
        """A job of this lane is at work."""
        self._taken[lane] += 1

    def give(self, lane: Lane) -> None:
        """It is no more."""
        self._taken[lane] -= 1
        if lane is Lane.BATCH:
            self.feed()

    def feed(self) -> None:
        """No batch waits."""
        self._fed_at = time.monotonic()
