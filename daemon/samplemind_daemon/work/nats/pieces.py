"""The bytes of sounds at a worker: fetched once, from an address or from a daemon, and kept for a while."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from samplemind_daemon.refusals import Damaged, Unavailable
from samplemind_daemon.store.blobs import Cache
from samplemind_daemon.store.threads import Threads
from samplemind_daemon.work import outcome
from samplemind_daemon.work.failures import TaskFailed
from samplemind_daemon.work.nats import messages
from samplemind_daemon.work.nats.exchange import Exchange, NoAnswer
from samplemind_daemon.work.nats.messages import Given, Piece
from samplemind_daemon.work.order import Order
from samplemind_daemon.work.outcome import Failed, Unsettled
from samplemind_daemon.work.protocol import CannotUnderstand
from samplemind_daemon.work.sources import NotSettled, TakenInAgain

PIECE_BYTES = 512 * 1024  # in one message
READ_BYTES = 1 << 20  # at a time, from an address
MOST_FETCHED = 8  # contents at a time
PIECE_SECONDS = 20.0  # that one of them may take
TRIES = 3  # for one of them
NOT_FOUND = 404
DATA, OUTCOME = b"d", b"o"


def served(data: bytes) -> bytes:
    """An answer with bytes."""
    return DATA + data


def refused(outcome: bytes) -> bytes:
    """An answer that there are none, and what that makes of the job."""
    return OUTCOME + outcome


class Pieces:
    """Has the bytes of an order at hand, as a file in the cache whose digest was checked."""

    def __init__(self, exchange: Exchange, cache: Cache) -> None:
        self._exchange, self._cache = exchange, cache
        self._given: dict[str, Given] = {}  # by token: where the bytes are
        self._threads = Threads(MOST_FETCHED, "fetch")

    def close(self) -> None:
        """Fetch nothing more."""
        self._threads.close()

    def know(self, given: Given) -> None:
        """Where the bytes of an order are, until it is forgotten."""
        self._given[given.order.token] = given

    def forget(self, token: str) -> None:
        """The order is done."""
        self._given.pop(token, None)

    @asynccontextmanager
    async def at_hand(self, order: Order) -> AsyncIterator[str]:
        """As Bytes has it."""
        loop, given = asyncio.get_running_loop(), self._given[order.token]
        held = self._cache.holding(order.sha256, lambda: self._fetch(given, loop))
        fetching = asyncio.ensure_future(self._threads.run(held.__enter__))
        try:
            path = await asyncio.shield(fetching)
        except asyncio.CancelledError:
            fetching.add_done_callback(partial(_let_go, held))
            raise
        except Damaged:
            raise TakenInAgain from None  # it changed while it was read
        except NoAnswer as nobody:
            raise Unavailable("NO_CONTENT", f"The bytes cannot be had now: {nobody}.") from None
        try:
            yield str(path)
        finally:
            held.__exit__(None, None, None)

    def _fetch(self, given: Given, loop: asyncio.AbstractEventLoop) -> Iterator[bytes]:
        """All bytes, from a thread. Raises as Bytes has it."""
        if given.url:
            yield from _download(given.url, given.order.size)
            return
        offset = 0
        while offset < given.order.size:
            asking = self._ask(given, offset)
            piece = asyncio.run_coroutine_threadsafe(asking, loop).result()
            if not piece:
                raise TakenInAgain  # it is shorter by now
            yield piece
            offset += len(piece)

    async def _ask(self, given: Given, offset: int) -> bytes:
        order = given.order
        wanted = messages.encode_piece(Piece(order.job, order.token, offset, PIECE_BYTES))
        for left in reversed(range(TRIES)):
            try:
                subject = self._exchange.place.content(given.instance)
                answer = await self._exchange.ask(subject, wanted, PIECE_SECONDS)
                break
            except NoAnswer:
                if not left:
                    raise
                await asyncio.sleep(1)
        return _data(answer)


def _let_go(held: AbstractContextManager[Path], fetched: "asyncio.Future[Path]") -> None:
    """Hold no more what nobody waits for any more."""
    if not fetched.cancelled() and fetched.exception() is None:
        held.__exit__(None, None, None)


def _data(answer: bytes) -> bytes:
    if answer[:1] == DATA:
        return answer[1:]
    try:
        match outcome.decode(answer[1:]):
            case Failed(reason, message):
                raise TaskFailed(reason, message)
            case Unsettled():
                raise NotSettled
    except CannotUnderstand as strange:
        raise NoAnswer(str(strange)) from None
    raise TakenInAgain


def _download(url: str, size: int) -> Iterator[bytes]:
    """What is at an address, and no more than it should be."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise NoAnswer("this is no address of bytes")
    try:
        with urllib.request.urlopen(url, timeout=PIECE_SECONDS) as answer:
            while size > 0 and (piece := answer.read(min(READ_BYTES, size))):
                size -= len(piece)
                yield piece
    except urllib.error.HTTPError as error:
        if error.code == NOT_FOUND:
            raise TaskFailed("SOURCE_GONE", "The bytes are not kept any more.") from None
        raise NoAnswer(f"the bytes are not given out: {error.code} {error.reason}") from None
    except OSError as error:
        raise NoAnswer(f"{type(error).__name__} {error}") from None
