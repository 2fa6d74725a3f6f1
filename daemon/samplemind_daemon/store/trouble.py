"""What goes wrong with a database that is no bug: a full disk, a held lock, a server that is away."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from peewee import DatabaseError, InterfaceError, PeeweeException

from samplemind_daemon.refusals import Unavailable
from samplemind_daemon.store.room import no_room

log = structlog.get_logger(__name__)

BUSY = "STORE_BUSY"  # another's transaction was in the way: the same one may succeed at once
LOST_WRITE = 70  # the exit status: EX_SOFTWARE of sysexits.h
_UNSURE = ("SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC")
_FULL, _TROUBLES = (
    "database or disk is full",
    ("database is locked", "disk I/O error", "unable to open database"),
)
# SQLSTATEs of PostgreSQL, or what they begin with: https://www.postgresql.org/docs/current/errcodes-appendix.html
_NO_ROOM = "53100"
_IN_THE_WAY = ("40001", "40P01")  # serialization failure, deadlock
_AWAY = (
    "08",  # connection exceptions
    "53",  # insufficient resources, such as too many connections
    "57P",  # it ends, starts, or has thrown this connection out
    "57014", "55P03",  # a statement, or a lock, took too long
    "25006", "25P03",  # it only lets be read; a transaction stood still for too long
    "58",  # errors of the system
)  # fmt: skip


@contextmanager
def available() -> Iterator[None]:
    """Turn a full disk into Exhausted, and a held lock or a server that is away into Unavailable.

    All else that goes wrong is a bug.
    """
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        said = _said(error)
        if getattr(said, "sqlite_errorname", "") in _UNSURE:
            log.critical("the disk failed to keep what was written: the daemon ends, to be started again")
            os._exit(
                LOST_WRITE
            )  # the system forgets what it could not write; a second try would seem to succeed
        state = getattr(said, "sqlstate", "") or ""
        if state == _NO_ROOM or _FULL in str(error):
            raise no_room() from error
        if not (state.startswith(_AWAY + _IN_THE_WAY) or _is_connection(said) or _is_held(error)):
            raise
        reason = BUSY if state in _IN_THE_WAY else "STORE_UNAVAILABLE"
        raise Unavailable(
            reason, f"The store cannot be used: {_first_line(error)}.", retry_seconds=1
        ) from error


def _said(error: BaseException) -> BaseException | None:
    """The error as the database's own library raised it: peewee raises its own in place of it, or even of its own."""
    found = error.__context__
    while isinstance(found, PeeweeException):
        found = found.__context__
    return found


def _is_held(error: Exception) -> bool:
    """Whether SQLite cannot get at its file now."""
    return any(trouble in str(error) for trouble in _TROUBLES)


def _is_connection(said: object) -> bool:
    """Whether PostgreSQL said nothing at all: psycopg's own words for a connection that is lost, or never was."""
    return type(said).__module__.startswith("psycopg") and type(said).__name__ in (
        "OperationalError", "ConnectionTimeout", "InterfaceError",
    )  # fmt: skip


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
