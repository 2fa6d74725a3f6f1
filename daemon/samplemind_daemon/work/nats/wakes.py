"""Wakes: whoever follows events at another daemon learns at once that there are new ones."""

import asyncio
import json
from collections.abc import Callable

from samplemind_daemon.work import described
from samplemind_daemon.work.nats.exchange import Exchange
from samplemind_daemon.work.protocol import CannotUnderstand

MOST_USERS = 1_000  # in one message
MOST_TELLING = 100  # messages on their way; what is more is not said, and found a few seconds later


class Wakes:
    """Tells the other daemons which users' things something happened to, and is told so."""

    def __init__(self, exchange: Exchange, wake: Callable[[set[str]], None]) -> None:
        self._exchange, self._wake = exchange, wake
        self._telling: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Be told from now on."""
        await self._exchange.listen(self._exchange.place.woke, self._hear)

    def tell(self, users: set[str]) -> None:
        """A commit recorded events of these users."""
        self._wake(users)
        if len(self._telling) >= MOST_TELLING:
            return
        text = json.dumps(sorted(users)[:MOST_USERS]).encode()
        task = asyncio.get_running_loop().create_task(self._exchange.tell(self._exchange.place.woke, text))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    def _hear(self, text: bytes) -> None:
        try:
            users = described.texts(json.loads(text)[:MOST_USERS])
        except (ValueError, TypeError, KeyError) as error:
            raise CannotUnderstand(str(error)[:200]) from None
        self._wake(set(users))
