"""A connection to SQLite for each thread, with the settings that the daemon's promises need."""

from collections.abc import Iterator
from contextlib import contextmanager

from peewee import SqliteDatabase

from samplemind_daemon.origin import Origins

_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",  # with "normal", a power cut takes acknowledged commits with it
    "foreign_keys": 1,
    "busy_timeout": 15_000,
    "cache_size": -16_000,  # KiB a connection
}
_STATEMENTS = 512  # that a connection keeps ready to be run again


class Database(SqliteDatabase):
    """SQLite as the daemon uses it.

    `touched` gathers whose events the running deed has recorded.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path, pragmas=_PRAGMAS, lock_type="immediate", cached_statements=_STATEMENTS)
        self.touched: set[str] = set()
        self.origins = Origins()  # of jobs

    def rollback(self) -> None:
        """Undo the running transaction, unless SQLite has done so by itself, as it does on a full disk."""
        if self.connection().in_transaction:
            super().rollback()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Undo what is done inside, and nothing else of the running transaction, where it fails."""
        self.execute_sql("SAVEPOINT apart")
        try:
            yield
        except BaseException:
            if self.connection().in_transaction:
                self.execute_sql("ROLLBACK TO apart")
                self.execute_sql("RELEASE apart")
            raise
        self.execute_sql("RELEASE apart")
