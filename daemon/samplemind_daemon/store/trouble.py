"""What goes wrong with a database that is no bug: a full disk, a held lock, a disk that forgets."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from peewee import OperationalError

from samplemind_daemon.refusals import Unavailable
from samplemind_daemon.store.room import no_room

log = structlog.get_logger(__name__)

_UNSURE = ("SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC")
LOST_WRITE = 70  # the exit status: EX_SOFTWARE of sysexits.h
_FULL, _TROUBLES = (
    "database or disk is full",
    ("database is locked", "disk I/O error", "unable to open database"),
)


@contextmanager
def available() -> Iterator[None]:
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
