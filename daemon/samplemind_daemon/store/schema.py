"""The shape of the database, and how one of an earlier shape is brought to today's."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from peewee import Database
from playhouse.migrations import Migration, Runner

from samplemind_daemon.failpoint import reach

MIGRATIONS = Path(__file__).with_name("migrations")


class CannotOpen(Exception):
    """The database cannot be used; the message says what to do."""


def known(migrations: Path = MIGRATIONS) -> list[str]:
    """The shapes that this version knows, oldest first."""
    return [found.name for found in Migration.load_directory(str(migrations))]


def applied(path: Path) -> list[str]:
    """The shapes that a database has gone through, oldest first: none if there is no database.

    It is only read: not a byte changes. Raises CannotOpen where it is none.
    """
    if not path.exists():
        return []
    try:
        with closing(read_only(path)) as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_migration'").fetchone():
                return []
            return [name for (name,) in db.execute("SELECT name FROM schema_migration ORDER BY name")]
    except sqlite3.Error as error:
        raise CannotOpen(f"the database {path} cannot be used: {error}") from error


def refuse_newer(path: Path, migrations: Path = MIGRATIONS) -> list[str]:
    """The shapes that a database has gone through; CannotOpen where one of them is not known here."""
    past, ours = applied(path), known(migrations)
    if newer := [name for name in past if name not in ours]:
        raise CannotOpen(
            f"{path} was written by a newer SampleMind: its schema is {newer[-1]}, and this one knows up to "
            f"{ours[-1]}; start that version, or restore an older backup"
        )
    return past


def migrate(database: Database, path: Path, migrations: Path = MIGRATIONS) -> list[str]:
    """Run the migrations that are still to be run, each as a whole or not at all; their names.

    What there is gets copied beside it first, under the name of its shape.
    """
    past = refuse_newer(path, migrations)
    if past and past != known(migrations):
        copy(path, path.with_name(f"{path.name}.{past[-1]}"))
        reach("migration.copied")
    names: list[str] = _Steps(database, str(migrations)).up()
    return names


def copy(source: Path, target: Path) -> None:
    """Write the database, as of one moment, to another file, and that onto the disk: as a whole or not at all.

    Nobody who writes to it has to wait.
    """
    fresh = target.with_name(f".{target.name}.part")
    fresh.unlink(missing_ok=True)
    with closing(read_only(source)) as old, closing(sqlite3.connect(fresh)) as new:
        fresh.chmod(0o600)
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    _sync(fresh)
    fresh.replace(target)
    _sync(target.parent)


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot change anything."""
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=15)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Steps(Runner):  # type: ignore[misc]
    """Runs migrations, with points between them where a test may crash."""

    def _run(self, name: str, module: Any, direction: str, fake: bool = False) -> None:
        reach("migration.begun")
        super()._run(name, module, direction, fake)
        reach("migration.done")
