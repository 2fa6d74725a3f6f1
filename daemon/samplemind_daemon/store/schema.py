"""The shape of the database, and how one of an earlier shape is brought to today's."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from playhouse.migrations import Migration, Runner

from samplemind_daemon.failpoint import reach
from samplemind_daemon.store.connection import CannotOpen, Database, Place
from samplemind_daemon.store.dialect import in_words_of
from samplemind_daemon.store.opening import opened

MIGRATIONS = Path(__file__).with_name("migrations")


def known(migrations: Path = MIGRATIONS) -> list[str]:
    """The shapes that this version knows, oldest first."""
    return [found.name for found in Migration.load_directory(str(migrations))]


def applied(place: Place) -> list[str]:
    """The shapes that a database has gone through, oldest first: none if there is no database.

    It is only read: not a byte changes. Raises CannotOpen where it is none.
    """
    return opened(place).applied()


def refuse_newer(place: Place, migrations: Path = MIGRATIONS) -> list[str]:
    """The shapes that a database has gone through; CannotOpen where one of them is not known here."""
    return _refuse_newer(opened(place), migrations)


def migrate(database: Database, migrations: Path = MIGRATIONS) -> list[str]:
    """Run the migrations that are still to be run, each as a whole or not at all; their names.

    What there is in a file gets copied beside it first, under the name of its shape.
    """
    _refuse_newer(database, migrations)  # before anything is touched
    with database.migrating():
        past = _refuse_newer(database, migrations)
        if past and past != known(migrations):
            database.put_by(past[-1])
        names: list[str] = _Steps(database, str(migrations)).up()
    return names


def _refuse_newer(database: Database, migrations: Path) -> list[str]:
    past, ours = database.applied(), known(migrations)
    if newer := [name for name in past if name not in ours]:
        raise CannotOpen(
            f"{database.name} was written by a newer SampleMind: its schema is {newer[-1]}, and this one knows "
            f"up to {ours[-1]}; start that version, or restore an older backup"
        )
    return past


class _Steps(Runner):  # type: ignore[misc]
    """Runs migrations, with points between them where a test may crash."""

    def _run(self, name: str, module: Any, direction: str, fake: bool = False) -> None:
        def up(migrator: Any, db: Any) -> None:
            module.up(migrator, in_words_of(db))

        reach("migration.begun")
        super()._run(name, SimpleNamespace(up=up), direction, fake)
        reach("migration.done")
