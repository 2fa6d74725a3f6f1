"""The database as the functions of this package see it, whichever keeps it: SQLite in a file, or PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import peewee

from samplemind_daemon.origin import Origins

Place = Path | str  # the file of SQLite, or the URL of PostgreSQL


class CannotOpen(Exception):
    """The database cannot be used; the message says what to do."""


class Database(peewee.Database):
    """A connection for each thread, opened when it is needed, and again once it was lost.

    `touched` gathers whose events the running deed has recorded.
    """

    kind: str  # "sqlite" or "postgresql"
    name: str  # as it is called in sentences; no secret is in it
    is_far: bool  # whether each statement travels to a server
    readers: int  # at most, each with a connection
    touched: set[str]
    origins: Origins  # of jobs
    instance: str  # whose folders are watched here; empty where there is no other daemon

    def open(self) -> None:
        """Have a connection."""
        raise NotImplementedError

    def writing(self) -> AbstractContextManager[None]:
        """A transaction that happens as a whole or not at all, one after the other."""
        raise NotImplementedError

    def reading(self) -> AbstractContextManager[None]:
        """A transaction that sees one moment."""
        raise NotImplementedError

    def apart(self) -> AbstractContextManager[None]:
        """Undo what is done inside, and nothing else of the running transaction, where it fails."""
        raise NotImplementedError

    def is_undone(self) -> bool:
        """Whether the running transaction is over although nobody has ended it."""
        raise NotImplementedError

    def applied(self) -> list[str]:
        """The shapes that it has gone through, oldest first: none if there are no tables yet.

        It is only read: not a byte changes. Raises CannotOpen where it cannot be.
        """
        raise NotImplementedError

    def migrating(self) -> AbstractContextManager[None]:
        """Hold whoever else would migrate it, in whatever process, until it is done."""
        raise NotImplementedError

    def put_by(self, shape: str) -> None:
        """Keep what there is, in this shape, for whoever wants to go back to it."""
        raise NotImplementedError

    def damage(self) -> list[str]:
        """What the database itself finds wrong with what it keeps."""
        raise NotImplementedError

    def stream(self, sql: str, params: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, few at a time in the memory; inside a transaction."""
        raise NotImplementedError

    def take_in(self, table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
        """Add very many rows to a table."""
        raise NotImplementedError

    def number_on(self, table: str, column: str) -> None:
        """Give rows to come numbers above those that there are."""
        raise NotImplementedError

    def take_time(self) -> None:
        """Let the running transaction take as long as it takes."""
        raise NotImplementedError

    def look_over(self) -> None:
        """Count what there is, after much has changed, so that it is found in the best way."""
        raise NotImplementedError

    def leave(self) -> None:
        """End in order, with every connection."""
        raise NotImplementedError
