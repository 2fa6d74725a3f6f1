"""Following what happens to one's things: from a cursor on, then live, without a gap."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from samplemind_daemon.library import cursors
from samplemind_daemon.library.pace import Pace
from samplemind_daemon.library.tail import PAGE, Found, Tail
from samplemind_daemon.model import Event
from samplemind_daemon.refusals import Compacted, Exhausted, Invalid, Unavailable
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Database, Store, events

MOST_STREAMS = 1_000  # a user
MOST_KINDS = 32
_KIND = re.compile(r"[a-z]{1,20}\.[a-z]{0,20}", re.ASCII)


@dataclass(frozen=True)
class _Crowd:
    """All who follow one user's things."""

    tail: Tail
    news: set[asyncio.Event] = field(default_factory=set)  # one for each stream


class Following:
    """The events of all users. `wake` is told of each commit that recorded some.

    Followers read at their own pace, what is recent from memory and the rest from the store: one that is
    slow keeps nobody waiting but itself.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._heartbeat = store, settings.heartbeat_seconds
        self._crowds: dict[str, _Crowd] = {}  # by user
        self._ending = False

    @property
    def subscribers(self) -> int:
        """How many streams are open."""
        return sum(len(crowd.news) for crowd in self._crowds.values())

    def wake(self, users: set[str]) -> None:
        """Something happened to things of these users."""
        for crowd in [self._crowds[user] for user in users if user in self._crowds]:
            crowd.tail.stale = True
            for news in crowd.news:
                news.set()

    async def look(self) -> None:
        """Have all who follow look into the store: another daemon may have recorded something."""
        self.wake(set(self._crowds))

    def close(self) -> None:
        """End every stream: the daemon is going down."""
        self._ending = True
        self.wake(set(self._crowds))

    async def list(
        self, user: str, cursor: str, kinds: Sequence[str], limit: int
    ) -> tuple[list[Event], str, bool]:
        """Up to `limit` events after a cursor, how far they reach, and whether there are more.

        No cursor stands for all that are kept. Raises as `subscribe`.
        """
        _check(kinds)
        at, _ = await self._start(user, cursor or cursors.START)
        found, reached = await self._store.read(_after, user, at, kinds, limit + 1)
        if len(found) <= limit:
            return found, cursors.write(user, reached), False
        return found[:limit], cursors.write(user, found[limit - 1].sequence), True

    async def subscribe(
        self, user: str, cursor: str, kinds: Sequence[str], pace: Pace | None = None
    ) -> AsyncGenerator[tuple[str, Event | None], None]:
        """Each event after a cursor with its own cursor, for ever; heartbeats, without an event, when it is quiet.

        The first message is a heartbeat: it says where "from now on" begins. `pace` is told how far the reader
        is. Raises Invalid for what is no
        cursor or no kind, Compacted where events after it are not kept any more, Exhausted past the
        user's streams, and Unavailable when the daemon goes down.
        """
        _check(kinds)
        at, last = await self._start(user, cursor)
        news, pace = self._enter(user, last), pace or Pace()
        pace.begin(user, at, last, self._crowds[user].tail)
        try:
            yield cursors.write(user, at), None
            quiet_until = _later(self._heartbeat)
            while not self._ending:
                news.clear()
                found, at = await self._read_on(user, at, kinds)
                for event in found:
                    yield cursors.write(user, event.sequence), event
                    pace.read(event.sequence)
                    quiet_until = _later(self._heartbeat)
                pace.read(at)
                if len(found) < PAGE and not await _heard(news, quiet_until):
                    yield cursors.write(user, at), None
                    quiet_until = _later(self._heartbeat)
        finally:
            self._leave(user, news)
        raise Unavailable("GOING_DOWN", "The daemon is going down; go on from the last cursor.")

    async def _start(self, user: str, cursor: str) -> tuple[int, int]:
        """The number of the event that a cursor stands behind, and that of the last event."""
        first, last = await self._store.read(events.bounds, user)
        if not cursor:
            return last, last
        if cursor == cursors.START:
            return first - 1, last
        at = cursors.read(user, cursor)
        if at > last:
            raise cursors.unknown(cursor)
        return at, last

    async def _read_on(self, user: str, at: int, kinds: Sequence[str]) -> Found:
        at_hand = await self._crowds[user].tail.after(at, kinds, PAGE)
        if at_hand is not None:
            return at_hand
        return await self._store.read(_after, user, at, kinds, PAGE)

    def _enter(self, user: str, last: int) -> asyncio.Event:
        crowd = self._crowds.setdefault(user, _Crowd(Tail(self._store, user, last)))
        if len(crowd.news) >= MOST_STREAMS:
            raise Exhausted(
                "TOO_MANY_STREAMS", f"At most {MOST_STREAMS} streams can be open.", retry_seconds=60
            )
        crowd.news.add(news := asyncio.Event())
        return news

    def _leave(self, user: str, news: asyncio.Event) -> None:
        self._crowds[user].news.discard(news)
        if not self._crowds[user].news:
            del self._crowds[user]


def _after(db: Database, user: str, sequence: int, kinds: Sequence[str], limit: int) -> Found:
    first, _ = events.bounds(db, user)
    if sequence < first - 1:
        earliest = cursors.write(user, first - 1)
        message = f"Events after this cursor are not kept any more; the earliest cursor is {earliest}."
        raise Compacted("CURSOR_COMPACTED", message, facts={"earliest_cursor": earliest})
    return events.after(db, user, sequence, kinds, limit)


def _check(kinds: Sequence[str]) -> None:
    for kind in kinds:
        if not _KIND.fullmatch(kind):
            why = {"kinds": f'{kind[:60]!r} is no kind: say such as "audio.completed", or "audio."'}
            raise Invalid("INVALID_KIND", f"These are no kinds: {why['kinds']}.", why)
    if len(kinds) > MOST_KINDS:
        raise Invalid("INVALID_KIND", f"At most {MOST_KINDS} kinds.", {"kinds": f"{len(kinds)} were said"})


def _later(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


async def _heard(news: asyncio.Event, until: float) -> bool:
    """Whether something happened before that time of the loop's clock."""
    with suppress(TimeoutError):
        async with asyncio.timeout_at(until):
            return await news.wait()
    return False
