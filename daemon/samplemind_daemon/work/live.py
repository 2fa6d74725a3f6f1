"""Who follows what happens to a sound, as it happens. Nobody has to keep up, and nobody misses the end."""

import asyncio
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from samplemind_daemon.model import Result

MOST_KEPT = 256  # updates for one follower


@dataclass(frozen=True)
class Waiting:
    """The sound waits, again: its worker broke, or its daemon pauses."""


@dataclass(frozen=True)
class Hearing:
    """The sound is heard; `fraction` is 0 to 1, or None where nobody knows how long it is."""

    fraction: float | None


@dataclass(frozen=True)
class Ended:
    """The job on the sound is over; the store knows how."""


@dataclass(frozen=True)
class Closed:
    """The daemon is going down, and nothing more will be said."""


Update = Waiting | Hearing | Result | Ended | Closed


class Follower:
    """What was said of a sound and not yet read. Progress is lost first, findings next, the end never."""

    def __init__(self) -> None:
        self._said: deque[Update] = deque()
        self._news = asyncio.Event()

    def take(self, audio: str, update: Update) -> None:
        """Keep an update until it is read."""
        if isinstance(update, Hearing) and self._said and isinstance(self._said[-1], Hearing):
            self._said.pop()
        self._said.append(update)
        if len(self._said) > MOST_KEPT:
            self._lose()
        self._news.set()

    async def next(self, seconds: float) -> Update | None:
        """The next update; None if there is none for so long."""
        if not self._said and not await _within(self._news, seconds):
            return None
        update = self._said.popleft()
        if not self._said:
            self._news.clear()
        return update

    def _lose(self) -> None:
        for kind in (Hearing, Result, Waiting):
            for update in self._said:
                if isinstance(update, kind):
                    return self._said.remove(update)
        self._said.popleft()


class Endings:
    """Which of many sounds are over, and not yet asked for."""

    def __init__(self) -> None:
        self._ended: dict[str, None] = {}
        self._news = asyncio.Event()
        self.closed = False

    def take(self, audio: str, update: Update) -> None:
        """Keep the ends, and nothing else."""
        if isinstance(update, Ended):
            self._ended[audio] = None
        self.closed = self.closed or isinstance(update, Closed)
        if self._ended or self.closed:
            self._news.set()

    async def next(self, seconds: float) -> list[str]:
        """The sounds that are over since last time; none if there are none for so long."""
        await _within(self._news, seconds)
        ended, self._ended = list(self._ended), {}
        if not self.closed:
            self._news.clear()
        return ended


class Live:
    """Hands what is said of a sound to those who follow it."""

    def __init__(self) -> None:
        self._followers: dict[str, set[Follower | Endings]] = {}

    @property
    def followed(self) -> int:
        """How many sounds somebody follows."""
        return len(self._followers)

    @contextmanager
    def follow(self, audio: str) -> Iterator[Follower]:
        """Follow one sound from now on, for as long as the context lasts."""
        follower = Follower()
        with self._listed(follower, [audio]):
            yield follower

    @contextmanager
    def await_ends(self, audios: Collection[str]) -> Iterator[Endings]:
        """Learn of the ends of many sounds from now on, for as long as the context lasts."""
        endings = Endings()
        with self._listed(endings, audios):
            yield endings

    def say(self, audio: str, update: Update) -> None:
        """Let the followers of a sound know."""
        for follower in self._followers.get(audio, ()):
            follower.take(audio, update)

    def close(self) -> None:
        """Tell every follower that nothing more will come."""
        for audio in self._followers:
            self.say(audio, Closed())

    @contextmanager
    def _listed(self, follower: Follower | Endings, audios: Collection[str]) -> Iterator[None]:
        followed = frozenset(audios)
        for audio in followed:
            self._followers.setdefault(audio, set()).add(follower)
        try:
            yield
        finally:
            for audio in followed:
                self._followers[audio].discard(follower)
                if not self._followers[audio]:
                    del self._followers[audio]


async def _within(news: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await news.wait()
    except TimeoutError:
        return False
    return True
