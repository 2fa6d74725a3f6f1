"""PostgreSQL, with the settings that the daemon's promises need, and connections that are opened again."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakSet

import psycopg
from peewee import DatabaseError, InterfaceError, PostgresqlDatabase, __exception_wrapper__
from psycopg.adapt import AdaptersMap
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.types.string import StrDumperUnknown

from samplemind_daemon.origin import Origins
from samplemind_daemon.store.connection import CannotOpen, Database
from samplemind_daemon.store.dialect import POSTGRESQL

READERS = 14  # with the writer 15 connections; no thread is begun, and so none opened, while another is idle
WRITING, MIGRATING = 0x53616D706C65, 0x4D696772617465  # keys of advisory locks: "Sample", "Migrate"
AWAY_SECONDS = 0.25  # after the server was not there, in which it is not asked for again
_PARAMETERS = {  # where the URL does not say otherwise: a server that is gone is noticed in two seconds
    "connect_timeout": 2,
    "tcp_user_timeout": 2_000,  # ms
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "application_name": "samplemind",
}
_SESSION = """
SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET synchronous_commit = on;
SET statement_timeout = '30s'; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '15s';
SET jit = off; SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3
"""  # the last two lines: a daemon that is gone, or stands still, does not hold up the others
# The lock comes first, and each statement sees what was committed before it: so deeds of several daemons are serial.
_WRITE = f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock({WRITING})"
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_STATEMENTS = 512  # that a connection keeps ready to be run again


class Postgres(Database, PostgresqlDatabase):
    """A database of a server, as `Database` promises it."""

    kind, is_far, readers = POSTGRESQL, True, READERS

    def __init__(self, url: str) -> None:
        self.touched: set[str] = set()
        self.origins, self.instance = Origins(), ""
        self._open_ones: WeakSet[Any] = WeakSet()
        self._away_until, self._away = 0.0, ""
        try:
            given = conninfo_to_dict(url)
        except psycopg.Error as wrong:
            raise CannotOpen(f"database: it is no URL of PostgreSQL: {wrong}") from None
        self.name = _name(given)
        options: dict[str, Any] = {"prefer_psycopg3": True, "context": _adapters()} | _PARAMETERS | given
        super().__init__(url, **options)

    def get_context_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_context_options()
        return options | {"kind": self.kind}

    def open(self) -> None:
        """Have a connection that is not known to be lost."""
        if not self.is_closed() and self._is_lost():
            self.close()
        self.connect(reuse_if_open=True)

    def begin(self, isolation_level: str | None = None) -> None:
        """Begin a transaction by a statement; on a new connection where the old one turns out to be lost."""
        statement, is_new = isolation_level or "BEGIN", self.is_closed()
        try:
            self._run(statement)
        except DatabaseError:
            if is_new or not self._is_lost():
                self.rollback()
                raise
            self.close()
            self._run(statement)

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._leaving_what_is_lost(), self.atomic(_WRITE):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._leaving_what_is_lost(), self.atomic(_READ):
            yield

    def rollback(self) -> None:
        if not self.is_undone():
            super().rollback()

    @contextmanager
    def apart(self) -> Iterator[None]:
        self._run("SAVEPOINT apart")
        try:
            yield
        except BaseException:
            if not self.is_undone():
                self._run("ROLLBACK TO apart; RELEASE apart")
            raise
        self._run("RELEASE apart")

    def is_undone(self) -> bool:
        alive = (TransactionStatus.ACTIVE, TransactionStatus.INTRANS, TransactionStatus.INERROR)
        return self.is_closed() or self._state.conn.pgconn.transaction_status not in alive

    def applied(self) -> list[str]:
        with self._refusing(), self.connection_context(), self.atomic(_READ):
            there = self.execute_sql("SELECT to_regclass('schema_migration') IS NOT NULL").fetchone()[0]
            rows = self.execute_sql("SELECT name FROM schema_migration ORDER BY name") if there else ()
            return [name for (name,) in rows]

    @contextmanager
    def migrating(self) -> Iterator[None]:
        with self._refusing(), self.connection_context():
            self._refuse_other_texts()
            self._run("SET statement_timeout = 0; SET lock_timeout = 0")
            self._run(f"SELECT pg_advisory_lock({MIGRATING})")  # until the connection ends
            yield

    def put_by(self, shape: str) -> None:
        """Nothing: a database of a server is backed up by its people."""

    def damage(self) -> list[str]:
        return []  # it has checksums of its own, and refuses to read what is damaged

    def stream(self, sql: str, params: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        with __exception_wrapper__, self.connection().cursor(name="stream") as cursor:
            cursor.itersize = 1_000
            yield from cursor.execute(sql, params)

    def take_in(self, table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
        names = ", ".join(f'"{one}"' for one in columns)
        statement = f'COPY "{table}" ({names}) FROM STDIN'
        with __exception_wrapper__, self.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def number_on(self, table: str, column: str) -> None:
        last = f'SELECT COALESCE(MAX("{column}"), 0) + 1 FROM "{table}"'
        self._run(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), ({last}), false)")

    def take_time(self) -> None:
        self._run("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")

    def look_over(self) -> None:
        self._run("SET statement_timeout = 0")
        self._run("ANALYZE")

    def leave(self) -> None:
        for connection in list(self._open_ones):
            connection.close()
        with suppress(DatabaseError):
            self.close()

    def _connect(self) -> Any:
        """A new connection; while the server is away, it is not waited for by everybody, one after the other."""
        if time.monotonic() < self._away_until:
            raise psycopg.OperationalError(self._away)
        try:
            connection = super()._connect()  # type: ignore[misc]
        except psycopg.OperationalError as error:
            self._away, self._away_until = str(error), time.monotonic() + AWAY_SECONDS
            raise
        connection.prepared_max = _STATEMENTS
        connection.execute(_SESSION, prepare=False)
        self._open_ones.add(connection)
        return connection

    def _run(self, statements: str) -> None:
        """Run statements of our own without values: all of them in one message."""
        with __exception_wrapper__:
            self.cursor().execute(statements, prepare=False)

    def _is_lost(self) -> bool:
        return bool(self._state.conn.closed or self._state.conn.broken)

    @contextmanager
    def _leaving_what_is_lost(self) -> Iterator[None]:
        self.open()
        try:
            yield
        finally:
            if not self.is_closed() and self._is_lost():
                self.close()

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except (DatabaseError, InterfaceError) as error:
            raise CannotOpen(f"the database {self.name} cannot be used: {error}") from error

    def _refuse_other_texts(self) -> None:
        encoding = self.execute_sql("SHOW server_encoding").fetchone()[0]
        if encoding != "UTF8":
            raise CannotOpen(f"the database {self.name} cannot be used: its encoding is {encoding}, not UTF8")


class _Text(StrDumperUnknown):
    """Text as PostgreSQL takes it: it keeps no NUL."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)


def _adapters() -> AdaptersMap:
    adapters = AdaptersMap(psycopg.adapters)
    adapters.register_dumper(str, _Text)
    return adapters


def _name(given: Mapping[str, Any]) -> str:
    """A URL without a password."""
    user, host, port = (given.get(part) for part in ("user", "host", "port"))
    at = f"{user}@" * bool(user) + f"{host or ''}" + f":{port}" * bool(port)
    return f"postgresql://{at}/{given.get('dbname', '')}"
