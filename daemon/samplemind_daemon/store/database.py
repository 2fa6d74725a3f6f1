"""The door to the database: one writer, some readers, never on the event loop."""

import asyncio
import fcntl
import os
import sqlite3
from asyncio import Future
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog
from peewee import DatabaseError, OperationalError, SqliteDatabase

from samplemind_daemon.failpoint import reach
from samplemind_daemon.refusals import Unavailable
from samplemind_daemon.store import schema
from samplemind_daemon.store.room import no_room
from samplemind_daemon.store.schema import MIGRATIONS, CannotOpen

log = structlog.get_logger(__name__)
P = ParamSpec("P")
Answer = TypeVar("Answer")
READERS = 4  # threads, each with a connection

_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",  # with "normal", a power cut takes acknowledged commits with it
    "foreign_keys": 1,
    "busy_timeout": 15_000,
    "cache_size": -16_000,  # KiB a connection
}
_UNSURE = ("SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC")
LOST_WRITE = 70  # the exit status: EX_SOFTWARE of sysexits.h
_FULL, _TROUBLES = (
    "database or disk is full",
    ("database is locked", "disk I/O error", "unable to open database"),
)


class Database(SqliteDatabase):
    """SQLite with the settings that the daemon's promises need.

    `touched` gathers whose events the running transaction has recorded.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path, pragmas=_PRAGMAS, lock_type="immediate")
        self.touched: set[str] = set()

    def rollback(self) -> None:
        """Undo the running transaction, unless SQLite has done so by itself, as it does on a full disk."""
        if self.connection().in_transaction:
            super().rollback()


class Store:
    """Runs the functions of this package: `write` in one transaction, `read` beside it.

    `on_commit` is called on the event loop with the users whose events a write recorded.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(str(path))
        self._writer = ThreadPoolExecutor(1, "store-write")
        self._readers = ThreadPoolExecutor(READERS, "store-read")
        self.on_commit: Callable[[set[str]], None] = lambda users: None

    def migrate(self, migrations: Path = MIGRATIONS) -> list[str]:
        """Bring the database to today's shape; the names of the migrations that were run.

        Each of them happens as a whole or not at all, and two starters take turns. Raises CannotOpen
        where the file is not a database of ours, or of a newer version.
        """
        try:
            schema.refuse_newer(self.path, migrations)  # before anything is touched
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _alone(self.path), self._database.connection_context():
                applied = schema.migrate(self._database, self.path, migrations)
            self.path.chmod(0o600)
        except (OSError, DatabaseError, sqlite3.Error) as error:
            raise CannotOpen(f"the database {self.path} cannot be used: {error}") from error
        return applied

    def warm(self) -> None:
        """Open every connection for reading now: who may open no more files later can still be answered."""
        together = Barrier(READERS)
        for opened in [self._readers.submit(self._open, together) for _ in range(READERS)]:
            opened.result()

    def expect_current(self) -> None:
        """Return if the database has today's shape; CannotOpen if it has another, or is none."""
        past, ours = schema.refuse_newer(self.path), schema.known()
        if not past:
            raise CannotOpen(f"there is no database {self.path}")
        if past != ours:
            raise CannotOpen(
                f"{self.path} was written by an older SampleMind: its schema is {past[-1]}, and today's is "
                f"{ours[-1]}; start the daemon once, which brings it up to date"
            )

    async def write(
        self, deed: Callable[Concatenate[Database, P], Answer], *args: P.args, **kwargs: P.kwargs
    ) -> Answer:
        """Run `deed(database, …)` in a transaction of its own; it happens as a whole or not at all."""
        work = partial(self._transact, partial(deed, self._database, *args, **kwargs))
        written = asyncio.get_running_loop().run_in_executor(self._writer, work)
        written.add_done_callback(self._announce)
        # A caller that goes away must not leave it open whether the commit happened: shield it.
        answer, _ = await asyncio.shield(written)
        return answer

    async def read(
        self, question: Callable[Concatenate[Database, P], Answer], *args: P.args, **kwargs: P.kwargs
    ) -> Answer:
        """Run `question(database, …)` on a snapshot."""
        work = partial(self._ask, partial(question, self._database, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    def close(self) -> None:
        """Wait for what is running, then write the log back into the database."""
        self._readers.shutdown()
        self._writer.submit(self._checkpoint).result()
        self._writer.shutdown()

    def _announce(self, written: Future[tuple[Any, set[str]]]) -> None:
        if not written.cancelled() and written.exception() is None and (users := written.result()[1]):
            reach("events.committed")
            self.on_commit(users)

    def _transact(self, deed: Callable[[], Answer]) -> tuple[Answer, set[str]]:
        with _available():
            self._database.connect(reuse_if_open=True)
            self._database.touched = set()
            with self._database.atomic("IMMEDIATE"):
                answer = deed()
            return answer, self._database.touched

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        with _available():
            self._database.connect(reuse_if_open=True)
            with self._database.atomic("DEFERRED"):
                return question()

    def _open(self, together: Barrier) -> None:
        self._database.connect(reuse_if_open=True)
        self._database.execute_sql("SELECT COUNT(*) FROM sqlite_master")
        together.wait(timeout=30)  # so that each thread does it

    def _checkpoint(self) -> None:
        self._database.connect(reuse_if_open=True)
        self._database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self._database.close()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold whoever else would migrate this database, in whatever process, until it is done."""
    with path.with_name(f"{path.name}.migrating").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _available() -> Iterator[None]:
    """Turn a full disk into Exhausted and a held lock into Unavailable; all else that goes wrong is a bug."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.__context__, "sqlite_errorname", "") in _UNSURE:
            log.critical("the disk failed to keep what was written: the daemon ends, to be started again")
            os._exit(
                LOST_WRITE
            )  # the system forgets what it could not write; a second try would seem to succeed
        if _FULL in str(error):
            raise no_room() from error
        if not any(trouble in str(error) for trouble in _TROUBLES):
            raise
        raise Unavailable(
            "STORE_UNAVAILABLE", f"The store cannot be used: {error}.", retry_seconds=1
        ) from error
