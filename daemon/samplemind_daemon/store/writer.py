"""The one writer: deeds that wait together are committed together, since each commit waits for the disk."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from samplemind_daemon.failpoint import reach
from samplemind_daemon.refusals import Unavailable
from samplemind_daemon.store.connection import Database
from samplemind_daemon.store.trouble import BUSY, available
from samplemind_daemon.tally import NOBODY, Tally

MOST_TOGETHER = 64  # deeds in one transaction: the first of them waits for the last
MOST_TRIES = 5  # of a transaction that another's was in the way of


@dataclass
class Deed:
    """Something to be written, and what came of it: an answer once it is committed, or a problem."""

    work: Callable[[], Any]
    written: asyncio.Future[Any]
    answer: Any = None
    problem: Exception | None = None
    touched: set[str] = field(default_factory=set)  # whose events it recorded


class Writer:
    """Does deeds one after the other, in the order in which they came.

    Each happens as a whole or not at all, whatever becomes of those beside it, and is answered once it is
    on the disk. `on_commit` is called on the event loop with the users whose events were recorded.
    """

    def __init__(self, database: Database, tally: Tally = NOBODY) -> None:
        self._database, self._tally = database, tally
        self._thread = ThreadPoolExecutor(1, "store-write")
        self._waiting: deque[Deed] = deque()
        self._guard, self._is_busy = Lock(), False
        self.on_commit: Callable[[set[str]], None] = lambda users: None

    def put(self, work: Callable[[], Any]) -> asyncio.Future[Any]:
        """Do this after what waits already; what it answers, once that is committed."""
        deed = Deed(work, asyncio.get_running_loop().create_future())
        with self._guard:
            self._waiting.append(deed)
            begin, self._is_busy = not self._is_busy, True
        if begin:
            self._thread.submit(self._work_off)
        return deed.written

    def close(self, last: Callable[[], None]) -> None:
        """Do what waits, then this, and nothing more."""
        self._thread.submit(last).result()
        self._thread.shutdown()

    def _work_off(self) -> None:
        while deeds := self._take():
            began = time.perf_counter()
            self._do(deeds)
            self._tally.wrote(time.perf_counter() - began)
            for loop in {deed.written.get_loop() for deed in deeds}:
                mine = [deed for deed in deeds if deed.written.get_loop() is loop]
                with suppress(RuntimeError):  # the loop is closed: nobody waits there
                    loop.call_soon_threadsafe(self._announce, mine)

    def _take(self) -> list[Deed]:
        with self._guard:
            taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
            self._is_busy = bool(taken)
        return taken

    def _do(self, deeds: Sequence[Deed]) -> None:
        """Do all in one transaction; where that is undone as a whole, each in one of its own."""
        for apart in self._ways(len(deeds)):
            try:
                return self._transact_surely(deeds, apart)
            except Exception as problem:
                for deed in deeds:
                    deed.problem = problem
                if self._database.is_closed():
                    return  # the connection is lost, and nobody knows what is kept: nothing may be done twice
        if len(deeds) > 1:
            for deed in deeds:
                self._do([deed])

    def _ways(self, many: int) -> Sequence[bool]:
        """Whether deeds are done so that each can be undone alone, at the first try and at the next."""
        if many == 1:
            return (False,)
        return (
            (False, True) if self._database.is_far else (True,)
        )  # few fail, and two more statements each cost

    def _transact_surely(self, deeds: Sequence[Deed], apart: bool) -> None:
        """Do all in one transaction, again where another's was in its way."""
        for left in reversed(range(MOST_TRIES)):
            try:
                return self._transact(deeds, apart)
            except Unavailable as problem:
                if not _is_in_the_way(problem) or not left:
                    raise

    def _transact(self, deeds: Sequence[Deed], apart: bool) -> None:
        with available(), self._database.writing():
            for deed in deeds:
                deed.problem = None
                self._database.touched = deed.touched = set()
                if apart:
                    self._do_apart(deed)
                else:
                    deed.answer = deed.work()

    def _do_apart(self, deed: Deed) -> None:
        """Do a deed so that it can be undone alone."""
        try:
            with available(), self._database.apart():
                deed.answer = deed.work()
        except Exception as problem:
            if self._database.is_undone() or _is_in_the_way(problem):
                raise  # so are the others, as SQLite does it on a full disk; or the connection is lost
            deed.problem, deed.touched = problem, set()

    def _announce(self, deeds: Sequence[Deed]) -> None:
        """Wake who listens, then who waits."""
        try:
            if users := {user for deed in deeds if deed.problem is None for user in deed.touched}:
                reach("events.committed")
                self.on_commit(users)
        finally:
            for deed in deeds:
                if deed.problem is None:
                    deed.written.set_result(deed.answer)
                else:
                    deed.written.set_exception(deed.problem)
                    deed.written.exception()  # seen, even where nobody waits any more


def _is_in_the_way(problem: Exception) -> bool:
    """Whether the whole transaction is to be done again."""
    return isinstance(problem, Unavailable) and problem.reason == BUSY
