"""What daemons and workers say to each other: questions with an answer, and news for whoever listens."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from samplemind_daemon.work.nats.letters import Letters
from samplemind_daemon.work.nats.place import Place
from samplemind_daemon.work.protocol import CannotUnderstand

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 5.0  # that whoever is asked gets
FLUSH_SECONDS = 1.0  # that what is still to be said gets at the end
MOST_AT_A_TIME = 32  # questions of one kind that are answered; the others wait
MOST_NEWS = 4_096  # messages of one kind that wait to be read; NATS drops what comes past them
NO = b"!"

Answer = Callable[[bytes], Awaitable[bytes]]


class NoAnswer(Exception):
    """Nobody answers, or whoever does cannot."""


class Exchange:
    """Asks, answers and tells over one connection."""

    def __init__(self, client: Client, place: Place) -> None:
        self._client, self.place = client, place
        self._letters = Letters(client, place)
        self._answering: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Be there for those who want the parts of what is said here."""
        await self._letters.open()

    async def ask(self, subject: str, question: bytes, seconds: float = ANSWER_SECONDS) -> bytes:
        """What one of those who listen there answers; NoAnswer if none does."""
        try:
            letter = await self._letters.seal(question)
            answer = await self._client.request(subject, letter, timeout=seconds)
            if answer.data == NO:
                raise NoAnswer("whoever was asked could not answer")
            return await self._letters.read(answer.data)
        except (nats.errors.Error, CannotUnderstand, OSError, TimeoutError) as error:
            raise NoAnswer(f"{type(error).__name__} {error}".strip()) from None

    async def answer(
        self, subject: str, answer: Answer, queue: str = "", packed: bool = True
    ) -> Subscription:
        """Answer those who ask there from now on; of all who are in a queue, one does."""
        room = asyncio.Semaphore(MOST_AT_A_TIME)

        async def asked(message: Msg) -> None:
            await room.acquire()
            task = asyncio.create_task(self._reply(message, answer, packed))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
            task.add_done_callback(lambda _: room.release())

        return await self._client.subscribe(subject, queue=queue, cb=asked)

    async def tell(self, subject: str, news: bytes) -> None:
        """Let all who listen there know; nobody may, and nobody is waited for."""
        try:
            await self._client.publish(subject, news)
        except (nats.errors.Error, OSError) as error:
            log.debug("news are lost", subject=subject, why=f"{type(error).__name__} {error}".strip())

    async def listen(self, subject: str, heard: Callable[[bytes], None]) -> Subscription:
        """Be told what is said there; what is not understood is passed over."""

        async def told(message: Msg) -> None:
            try:
                heard(message.data)
            except CannotUnderstand as strange:
                log.warning("something was said that nobody may say", subject=subject, why=str(strange))

        return await self._client.subscribe(subject, cb=told, pending_msgs_limit=MOST_NEWS)

    async def close(self) -> None:
        """Say what is still to be said, and nothing more."""
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)
        if self._client.is_connected:
            with suppress(nats.errors.Error, OSError, TimeoutError):
                async with asyncio.timeout(FLUSH_SECONDS):
                    await self._client.flush()
        if self._client.is_connected or self._client.is_reconnecting:
            await self._client.close()

    async def _reply(self, message: Msg, answer: Answer, packed: bool) -> None:
        try:
            said = await answer(await self._letters.read(message.data))
            letter = await self._letters.seal(said) if packed else b"-" + said
        except (CannotUnderstand, nats.errors.Error) as strange:
            log.warning("a question was not understood", subject=message.subject, why=str(strange))
            letter = NO
        except Exception:
            log.exception("a question could not be answered", subject=message.subject)
            letter = NO
        if message.reply:
            await self.tell(message.reply, letter)
