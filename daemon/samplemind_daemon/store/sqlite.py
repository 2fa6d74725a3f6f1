"""SQLite, with the settings that the daemon's promises need."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from peewee import SqliteDatabase

from samplemind_daemon.failpoint import reach
from samplemind_daemon.origin import Origins
from samplemind_daemon.store.connection import CannotOpen, Database

READERS = 4
_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",  # with "normal", a power cut takes acknowledged commits with it
    "foreign_keys": 1,
    "busy_timeout": 15_000,
    "cache_size": -16_000,  # KiB a connection
}
_STATEMENTS = 512  # that a connection keeps ready to be run again


class Sqlite(Database, SqliteDatabase):
    """A file, as `Database` promises it."""

    kind, is_far, readers = "sqlite", False, READERS

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), pragmas=_PRAGMAS, lock_type="immediate", cached_statements=_STATEMENTS)
        self.path, self.name = path, str(path)
        self.touched: set[str] = set()
        self.origins, self.instance = Origins(), ""

    def open(self) -> None:
        self.connect(reuse_if_open=True)
        self.execute_sql("SELECT COUNT(*) FROM sqlite_master")

    @contextmanager
    def writing(self) -> Iterator[None]:
        self.connect(reuse_if_open=True)
        with self.atomic("IMMEDIATE"):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        self.connect(reuse_if_open=True)
        with self.atomic("DEFERRED"):
            yield

    def rollback(self) -> None:
        """Undo the running transaction, unless SQLite has done so by itself, as it does on a full disk."""
        if not self.is_undone():
            super().rollback()

    @contextmanager
    def apart(self) -> Iterator[None]:
        self.execute_sql("SAVEPOINT apart")
        try:
            yield
        except BaseException:
            if not self.is_undone():
                self.execute_sql("ROLLBACK TO apart")
                self.execute_sql("RELEASE apart")
            raise
        self.execute_sql("RELEASE apart")

    def is_undone(self) -> bool:
        return not self.connection().in_transaction

    def applied(self) -> list[str]:
        if not self.path.exists():
            return []
        try:
            with closing(read_only(self.path)) as db:
                if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_migration'").fetchone():
                    return []
                return [name for (name,) in db.execute("SELECT name FROM schema_migration ORDER BY name")]
        except sqlite3.Error as error:
            raise CannotOpen(f"the database {self.path} cannot be used: {error}") from error

    @contextmanager
    def migrating(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_name(f"{self.path.name}.migrating").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with self.connection_context():
                yield
        self.path.chmod(0o600)

    def put_by(self, shape: str) -> None:
        copy(self.path, self.path.with_name(f"{self.path.name}.{shape}"))
        reach("migration.copied")

    def damage(self) -> list[str]:
        return [said for (said,) in self.execute_sql("PRAGMA integrity_check").fetchall() if said != "ok"]

    def stream(self, sql: str, params: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        yield from self.execute_sql(sql, params)

    def take_in(self, table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
        names, places = ", ".join(f'"{one}"' for one in columns), ", ".join("?" * len(columns))
        self.connection().executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)

    def number_on(self, table: str, column: str) -> None:
        """Nothing: SQLite does so by itself."""

    def take_time(self) -> None:
        """Nothing: SQLite waits for nobody once it has begun."""

    def look_over(self) -> None:
        """Nothing: the queries are written for the indexes that there are."""

    def leave(self) -> None:
        """Write the log back into the file."""
        self.connect(reuse_if_open=True)
        self.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self.close()


def copy(source: Path, target: Path) -> None:
    """Write the database, as of one moment, to another file, and that onto the disk: as a whole or not at all.

    Nobody who writes to it has to wait.
    """
    fresh = target.with_name(f".{target.name}.part")
    fresh.unlink(missing_ok=True)
    with closing(read_only(source)) as old, closing(sqlite3.connect(fresh)) as new:
        fresh.chmod(0o600)
        old.backup(new)
    seal(fresh)
    fresh.replace(target)
    _sync(target.parent)


def seal(path: Path) -> None:
    """Have all of it in one file, with nothing beside it, and that on the disk."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    _sync(path)


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot change anything."""
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=15)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
