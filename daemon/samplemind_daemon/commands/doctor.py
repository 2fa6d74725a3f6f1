"""`samplemindd doctor`: what is wrong with the installation and the home, and what to do about it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from samplemind_daemon.commands.output import printable
from samplemind_daemon.doctor import Finding, Health, examine
from samplemind_daemon.settings import CannotConfigure, Settings, load

MARKS = {Health.WELL: "ok", Health.DOUBTFUL: "??", Health.BROKEN: "!!"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    home: Annotated[Path | None, typer.Option(help="The folder to look at.")] = None,
    config: Annotated[Path | None, typer.Option(help="A samplemind.toml.")] = None,
) -> None:
    """Say what is wrong here and what to do about it; nothing is changed. The status is 1 where something is broken."""
    found = []
    for one in examine(_settings(config, home)):
        found.append(one)
        typer.echo(json.dumps(asdict(one), ensure_ascii=False) if as_json else _lines(one))
    broken, doubtful = (sum(one.health is kind for one in found) for kind in (Health.BROKEN, Health.DOUBTFUL))
    typer.echo(f"{broken} broken, {doubtful} doubtful, {len(found) - broken - doubtful} well.", err=True)
    raise typer.Exit(1 if broken else 0)


def _settings(config: Path | None, home: Path | None) -> Settings | CannotConfigure:
    try:
        return load(config, home=home)
    except CannotConfigure as wrong:
        return wrong


def _lines(one: Finding) -> str:
    line = printable(f"{MARKS[one.health]}  {one.subject}: {one.sentence}")
    return f"{line}\n    -> {printable(one.remedy)}" if one.remedy else line
