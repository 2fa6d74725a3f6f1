"""Where files in watch folders are looked at, whose disks may hang: never on the event loop."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
Answer = TypeVar("Answer")


class Threads:
    """A few threads of their own: a disk that hangs holds up nobody else, not even the end of the daemon.

    That is why they are no ThreadPoolExecutor: every process waits for the threads of those before it ends.
    """

    def __init__(self, number: int, name: str) -> None:
        self._deeds: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads = [Thread(target=self._work, name=name, daemon=True) for _ in range(number)]
        for thread in self._threads:
            thread.start()

    async def run(self, deed: Callable[P, Answer], *args: P.args, **kwargs: P.kwargs) -> Answer:
        """What `deed` answers, from one of the threads; it is not begun any more once nobody waits for it."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._deeds.put(partial(_do, answer, partial(deed, *args, **kwargs)))
        return await answer

    def close(self) -> None:
        """Do what is waited for, and begin nothing more."""
        for _ in self._threads:
            self._deeds.put(None)

    def _work(self) -> None:
        while (deed := self._deeds.get()) is not None:
            deed()


def _do(answer: asyncio.Future[Any], deed: Callable[[], Any]) -> None:
    if answer.cancelled():
        return
    try:
        settle = partial(_tell, answer, deed())
    except BaseException as error:
        settle = partial(_fail, answer, error)
    with suppress(RuntimeError):  # the loop has ended: nobody waits
        answer.get_loop().call_soon_threadsafe(settle)


def _tell(answer: asyncio.Future[Any], value: Any) -> None:
    if not answer.done():
        answer.set_result(value)


def _fail(answer: asyncio.Future[Any], error: BaseException) -> None:
    if not answer.done():
        answer.set_exception(error)
