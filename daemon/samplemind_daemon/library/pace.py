"""How far a reader of events is behind, and when that is too far."""

from samplemind_daemon.library import cursors
from samplemind_daemon.library.tail import Tail
from samplemind_daemon.refusals import Exhausted

MOST_BEHIND = 10_000  # events more than a reader was ever behind


class Pace:
    """One reader's. Whoever begins far back may catch up; whoever falls back is told so, and goes on later."""

    def __init__(self) -> None:
        self._tail: Tail | None = None
        self._user, self._at, self._nearest = "", 0, 0

    def begin(self, user: str, at: int, last: int, tail: Tail) -> None:
        """The reader has read the user's events up to `at`, and there are so many."""
        self._user, self._at, self._nearest, self._tail = user, at, last - at, tail

    def read(self, at: int) -> None:
        """The reader has read so far."""
        self._at = at

    async def check(self) -> None:
        """Return while the reader keeps up; Exhausted, with where to go on, once it has fallen too far behind."""
        if self._tail is None:
            return
        behind = await self._tail.reach() - self._at
        self._nearest = min(self._nearest, behind)
        if behind > self._nearest + MOST_BEHIND:
            raise Exhausted(
                "TOO_SLOW",
                f"The reader is {behind:,} events behind; go on from the last cursor that came.",
                retry_seconds=1,
                facts={"cursor": cursors.write(self._user, self._at)},
            )
