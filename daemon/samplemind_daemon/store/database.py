"""The door to the database: one writer, some readers, never on the event loop."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Concatenate, ParamSpec, TypeVar

from peewee import DatabaseError

from samplemind_daemon.origin import Origin
from samplemind_daemon.store import schema
from samplemind_daemon.store.connection import CannotOpen, Database, Place
from samplemind_daemon.store.dialect import POSTGRESQL
from samplemind_daemon.store.opening import opened
from samplemind_daemon.store.schema import MIGRATIONS
from samplemind_daemon.store.trouble import available
from samplemind_daemon.store.writer import Writer
from samplemind_daemon.tally import NOBODY, Tally

P = ParamSpec("P")
Answer = TypeVar("Answer")
READERS = 4  # threads that are begun at once, each with a connection
MOST_READ = 16  # questions at a time, those whose answers are on their way back among them


class Store:
    """Runs the functions of this package: `write` one after the other, `read` beside it."""

    def __init__(self, place: Place, tally: Tally = NOBODY) -> None:
        """Of the database in this file, or at this URL. Raises CannotOpen where what it takes is not installed."""
        self.place = place
        self._database = opened(place)
        self._writer = Writer(self._database, tally)
        self._readers = ThreadPoolExecutor(self._database.readers, "store-read")
        self._reading = asyncio.Semaphore(MOST_READ)  # else a crowd's answers would fill the memory

    @property
    def on_commit(self) -> Callable[[set[str]], None]:
        """Is called on the event loop with the users whose events a write recorded."""
        return self._writer.on_commit

    @on_commit.setter
    def on_commit(self, wake: Callable[[set[str]], None]) -> None:
        self._writer.on_commit = wake

    @property
    def is_shared(self) -> bool:
        """Whether there may be other daemons on the database."""
        return self._database.kind == POSTGRESQL

    def be(self, instance: str) -> None:
        """Ask and write from now on as this daemon among others."""
        self._database.instance = instance

    def migrate(self, migrations: Path = MIGRATIONS) -> list[str]:
        """Bring the database to today's shape; the names of the migrations that were run.

        Each of them happens as a whole or not at all, and two starters take turns. Raises CannotOpen
        where it is not a database of ours, or of a newer version.
        """
        try:
            return schema.migrate(self._database, migrations)
        except (OSError, DatabaseError, sqlite3.Error) as error:
            raise CannotOpen(f"the database {self._database.name} cannot be used: {error}") from error

    def warm(self) -> None:
        """Open every connection for reading now: who may open no more files later can still be answered."""
        together = Barrier(READERS)
        for opening in [self._readers.submit(self._open, together) for _ in range(READERS)]:
            opening.result()

    def expect_current(self) -> None:
        """Return if the database has today's shape; CannotOpen if it has another, or is none."""
        past, ours = schema.refuse_newer(self.place), schema.known()
        if not past:
            raise CannotOpen(f"there is no database {self._database.name}")
        if past != ours:
            raise CannotOpen(
                f"{self._database.name} was written by an older SampleMind: its schema is {past[-1]}, and today's is "
                f"{ours[-1]}; start the daemon once, which brings it up to date"
            )

    async def write(
        self, deed: Callable[Concatenate[Database, P], Answer], *args: P.args, **kwargs: P.kwargs
    ) -> Answer:
        """Run `deed(database, …)`, and answer once it is on the disk; it happens as a whole or not at all.

        Deeds that wait at the same time share a transaction: if that is undone, each is run again alone. So a
        deed changes nothing but the database.
        """
        work = partial(deed, self._database, *args, **kwargs)
        written = self._writer.put(partial(copy_context().run, work))  # whose deed it is goes with it
        # A caller that goes away must not leave it open whether the commit happened: shield it.
        answer: Answer = await asyncio.shield(written)
        return answer

    def origin(self, job: str) -> Origin:
        """Which call has asked for a job."""
        return self._database.origins.of(job)

    async def read(
        self, question: Callable[Concatenate[Database, P], Answer], *args: P.args, **kwargs: P.kwargs
    ) -> Answer:
        """Run `question(database, …)` on a snapshot."""
        work = partial(self._ask, partial(question, self._database, *args, **kwargs))
        async with self._reading:
            return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    def close(self) -> None:
        """Wait for what is running, then leave the database in order."""
        self._readers.shutdown()
        self._writer.close(self._database.leave)

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        with available(), self._database.reading():
            return question()

    def _open(self, together: Barrier) -> None:
        self._database.open()
        together.wait(timeout=30)  # so that each thread does it
