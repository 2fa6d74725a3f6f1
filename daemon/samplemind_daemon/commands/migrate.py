"""`samplemindd migrate`: the database brought to today's shape, or all of it into one of the other kind."""

from pathlib import Path
from typing import Annotated

import typer

from samplemind_daemon.house import CannotMoveIn, House
from samplemind_daemon.settings import CannotConfigure, Settings, load
from samplemind_daemon.store import CannotOpen, Store
from samplemind_daemon.store.connection import Place
from samplemind_daemon.store.transfer import Holding, transfer

BAD_SETTING, CANNOT_START = 2, 78
PLACES = "sqlite (the file in the home), postgresql (the one of --database), a path or a URL"


def migrate(
    home: Annotated[Path | None, typer.Option(help="The folder whose database it is.")] = None,
    database: Annotated[str | None, typer.Option(metavar="URL", help="postgresql://…, if it is one.")] = None,
    source: Annotated[str | None, typer.Option("--from", help=f"Take all from here: {PLACES}.")] = None,
    target: Annotated[
        str | None, typer.Option("--to", help="Into here, where nothing is yet; as --from.")
    ] = None,
) -> None:
    """Bring the database to today's shape, as the next start would do; a file gets copied beside it first.

    With --from and --to, move everything from one database into another, and prove that it is the same there.
    """
    try:
        settings = load(home=home, database=database)
        if (source is None) != (target is None):
            raise CannotConfigure("--from and --to are given together, or neither is")
        done = _move(settings, source, target) if source and target else _update(settings)
    except (CannotConfigure, CannotMoveIn) as wrong:
        typer.echo(f"samplemindd migrate: {wrong}", err=True)
        raise typer.Exit(BAD_SETTING) from None
    except CannotOpen as cannot:
        typer.echo(f"samplemindd migrate: {cannot}", err=True)
        raise typer.Exit(CANNOT_START) from None
    typer.echo("\n".join(done) if done else "It is up to date.")


def _update(settings: Settings) -> list[str]:
    if not settings.database and not settings.database_file.is_file():
        raise CannotMoveIn(f"there is no database {settings.database_file}")
    house = House(settings.home)
    try:
        return Store(settings.place).migrate()
    finally:
        house.leave()


def _move(settings: Settings, source: str, target: str) -> list[str]:
    old, new = (_place(settings, one) for one in (source, target))
    if old == new:
        raise CannotConfigure(f"--from and --to are the same: {source}")
    house = House(settings.home)  # whose daemon does not run
    try:
        return _table(transfer(old, new))
    finally:
        house.leave()


def _place(settings: Settings, named: str) -> Place:
    if named == "sqlite":
        return settings.database_file
    if named == "postgresql":
        if not settings.database:
            raise CannotConfigure("database: say which one postgresql is by --database postgresql://…")
        return settings.database
    return named if named.startswith("postgresql://") else Path(named).absolute()


def _table(held: list[Holding]) -> list[str]:
    lines = [f"{one.table:<20}{one.rows:>10}  {one.digest[:16]}" for one in held]
    total = sum(one.rows for one in held)
    return [f"{'table':<20}{'rows':>10}  digest", *lines, f"{total} rows, the same in both."]
