"""`samplemindd worker`: does the jobs of daemons elsewhere, in the foreground, until it is told to end."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_daemon import logs
from samplemind_daemon.commands.serve import (
    BAD_SETTING,
    CANNOT_START,
    HUNG_SECONDS,
    SECRETS,
    allow_many_files,
    end,
    leave_within,
    reporters,
)
from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.settings import CannotConfigure, load
from samplemind_daemon.work.failures import TaskFailed

if TYPE_CHECKING:
    from samplemind_daemon.workshop import Workshop


def worker(
    engine: Annotated[
        str | None, typer.Option(metavar="URL", help="nats://…: where daemons have their jobs done.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=256, help="Files to hear at a time.")] = None,
    home: Annotated[
        Path | None, typer.Option(help="A folder of its own: for plugins, and for contents at hand.")
    ] = None,
    cache_gb: Annotated[float | None, typer.Option(help="Of contents that are kept at hand.")] = None,
    config: Annotated[Path | None, typer.Option(help="A samplemind.toml.")] = None,
) -> None:
    """Do the jobs of daemons elsewhere until told to end. It takes NATS, and neither their database nor their keys."""
    try:
        settings = load(config, engine=engine, workers=workers, home=home, cache_gb=cache_gb)
        logs.set_up(settings.log_level, settings.log_format, *reporters(settings))
        for name in SECRETS:  # no plugin has them in its environment
            os.environ.pop(name, None)
        allow_many_files()
        # Only now: to import all that follows takes longer than to say no.
        from samplemind_daemon.workshop import Workshop, cross

        house = cross(settings)
        asyncio.run(_work(Workshop(settings, house)))
    except CannotConfigure as wrong:
        typer.echo(f"samplemindd: {wrong}", err=True)
        raise typer.Exit(BAD_SETTING) from None
    except (CannotServe, TaskFailed) as cannot:
        typer.echo(f"samplemindd: {cannot}", err=True)
        raise typer.Exit(CANNOT_START) from None


async def _work(workshop: "Workshop") -> None:
    told = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, end, told)
    starting = asyncio.create_task(workshop.start())
    ending = asyncio.create_task(told.wait())
    await asyncio.wait([starting, ending], return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        starting.result()
        print("SampleMind's worker is there.", flush=True)
        await ending
        print("Ending; once more to end at once.", file=sys.stderr, flush=True)
    else:
        starting.cancel()  # it still waits for NATS
        await asyncio.gather(starting, return_exceptions=True)
    await workshop.stop()
    leave_within(HUNG_SECONDS)
