"""`samplemindd analyze`: files and folders, heard by workers, with no daemon and no account."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from samplemind_daemon.analysis.plan import CannotPlan
from samplemind_daemon.commands.files import files
from samplemind_daemon.commands.hearing import hear
from samplemind_daemon.commands.screen import Screen
from samplemind_daemon.settings import CannotConfigure, load
from samplemind_daemon.work.failures import TaskFailed

INTERRUPTED = 130  # exit status, as shells have it


def analyze(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files and folders.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    only: Annotated[str, typer.Option(metavar="NAMES", help="Only these, as in tempo.bpm,key.")] = "",
    given: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="As in tempo.slowest=70; may be repeated."),
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, max=256, help="Files to hear at a time.")] = None,
    home: Annotated[Path | None, typer.Option(help="Where the folder of plugins is.")] = None,
) -> None:
    """Analyse files and folders here and now: results on stdout, progress on stderr."""
    try:
        settings = load(home=home, workers=jobs)
        with Screen(as_json, lambda: sum(1 for _ in files(paths))) as screen:
            well = asyncio.run(hear(files(paths), _names(only), settings, screen, tuple(given or ())))
    except (CannotConfigure, CannotPlan) as wrong:
        typer.echo(f"samplemindd analyze: {wrong}", err=True)
        raise typer.Exit(2) from None
    except TaskFailed as failed:
        typer.echo(f"samplemindd analyze: {failed.message}\n{failed.details}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:  # whoever read the results has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise typer.Exit(1) from None
    raise typer.Exit(0 if well else 1)


def _names(only: str) -> tuple[str, ...]:
    return tuple(name for part in only.split(",") if (name := part.strip()))
