"""`samplemindd migrate`: the database brought to today's shape, without a daemon."""

from pathlib import Path
from typing import Annotated

import typer

from samplemind_daemon.house import CannotMoveIn, House
from samplemind_daemon.settings import CannotConfigure, load
from samplemind_daemon.store import CannotOpen, Store

BAD_SETTING, CANNOT_START = 2, 78


def migrate(
    home: Annotated[Path | None, typer.Option(help="The folder whose database it is.")] = None,
) -> None:
    """Bring the database to today's shape, as the next start would do; what there is gets copied beside it first."""
    try:
        settings = load(home=home)
        if not settings.database_file.is_file():
            raise CannotMoveIn(f"there is no database {settings.database_file}")
        house = House(settings.home)
        try:
            done = Store(settings.database_file).migrate()
        finally:
            house.leave()
    except (CannotConfigure, CannotMoveIn) as wrong:
        typer.echo(f"samplemindd migrate: {wrong}", err=True)
        raise typer.Exit(BAD_SETTING) from None
    except CannotOpen as cannot:
        typer.echo(f"samplemindd migrate: {cannot}", err=True)
        raise typer.Exit(CANNOT_START) from None
    typer.echo("\n".join(done) if done else "It is up to date.")
