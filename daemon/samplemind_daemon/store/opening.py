"""Which kind of database is at a place."""

from pathlib import Path

from samplemind_daemon.store.connection import CannotOpen, Database, Place
from samplemind_daemon.store.sqlite import Sqlite


def opened(place: Place) -> Database:
    """The database at this path or URL; it is not connected to before it is used.

    Raises CannotOpen where what it takes is not installed.
    """
    if isinstance(place, Path):
        return Sqlite(place)
    try:  # what it takes is imported for those only who want it
        from samplemind_daemon.store.postgresql import Postgres
    except ImportError:
        raise CannotOpen("database: PostgreSQL takes psycopg: pip install 'samplemind[postgresql]'") from None
    return Postgres(place)
