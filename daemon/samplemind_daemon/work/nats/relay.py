"""What happens to sounds, from wherever it happens to whoever follows them at any daemon."""

import asyncio
from collections import Counter
from collections.abc import Collection, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

import nats.errors
import structlog
from nats.aio.subscription import Subscription

from samplemind_daemon.work.live import Ended, Endings, Follower, Live, Update
from samplemind_daemon.work.nats import updates
from samplemind_daemon.work.nats.exchange import Exchange
from samplemind_daemon.work.protocol import CannotUnderstand

log = structlog.get_logger(__name__)

MOST_CHORES = 1_000  # things to be said, or subscribed to, at a time; what is more is not said


class Relay:
    """Followers here meet at `Live`; what they follow is subscribed to for as long as somebody does."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange, self._place = exchange, exchange.place
        self._live = Live()
        self._followed: Counter[str] = Counter()
        self._heard: dict[str, Subscription] = {}
        self._chores: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Hear of every end from now on."""
        await self._exchange.listen(self._place.ends, self._hear_end)

    @contextmanager
    def follow(self, audio: str) -> Iterator[Follower]:
        """Follow one sound from now on, for as long as the context lasts."""
        self._followed[audio] += 1
        if self._followed[audio] == 1:
            self._do(self._subscribe(audio))
        try:
            with self._live.follow(audio) as follower:
                yield follower
        finally:
            self._followed[audio] -= 1
            if not self._followed[audio]:
                del self._followed[audio]
                self._do(self._unsubscribe(audio))

    def await_ends(self, audios: Collection[str]) -> AbstractContextManager[Endings]:
        """Learn of the ends of many sounds from now on, for as long as the context lasts."""
        return self._live.await_ends(audios)

    def say(self, audio: str, update: Update) -> None:
        """Let those who follow the sound know, here and elsewhere."""
        self._live.say(audio, update)
        if isinstance(update, Ended):
            self._do(self._exchange.tell(self._place.ends, audio.encode()))
        elif (text := updates.encode(update)) is not None:
            self._do(self._exchange.tell(self._place.live(audio), text))

    def close(self) -> None:
        """Tell every follower that nothing more will come."""
        self._live.close()

    def _hear_end(self, text: bytes) -> None:
        self._live.say(text.decode("ascii", "replace"), Ended())

    async def _subscribe(self, audio: str) -> None:
        def told(text: bytes) -> None:
            self._live.say(audio, updates.decode(text))

        try:
            self._heard[audio] = await self._exchange.listen(self._place.live(audio), told)
        except (nats.errors.Error, OSError, CannotUnderstand) as error:
            log.warning("what is heard in a sound cannot be followed now", audio=audio, why=str(error))
        if audio not in self._followed:
            await self._unsubscribe(audio)

    async def _unsubscribe(self, audio: str) -> None:
        if audio in self._followed or (heard := self._heard.pop(audio, None)) is None:
            return
        with suppress(nats.errors.Error, OSError):  # where the connection is gone, so is the subscription
            await heard.unsubscribe()

    def _do(self, chore: Coroutine[Any, Any, None]) -> None:
        if len(self._chores) >= MOST_CHORES:
            return chore.close()
        task = asyncio.get_running_loop().create_task(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
