"""`samplemindd check`: whether all that is kept is whole, and what is not."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from samplemind_daemon.commands.output import printable
from samplemind_daemon.house import CannotMoveIn, House
from samplemind_daemon.library.check import Violation, repair, violations
from samplemind_daemon.refusals import CannotServe, Refusal
from samplemind_daemon.settings import CannotConfigure, Settings, load
from samplemind_daemon.store import CannotOpen

BROKEN, BAD_SETTING, CANNOT_START = 1, 2, 78


def check(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Make good what can be; the daemon must not run.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Read every byte of what lies in a bucket, too.")
    ] = False,
    home: Annotated[Path | None, typer.Option(help="The folder to check.")] = None,
) -> None:
    """Check that every sound, job, result and event that was kept is there and whole: a line for each that is not."""
    try:
        settings = load(home=home)
        found = _fix(settings, deep) if fix else violations(settings, deep)
    except (CannotConfigure, CannotMoveIn) as wrong:
        typer.echo(f"samplemindd check: {wrong}", err=True)
        raise typer.Exit(BAD_SETTING) from None
    except (CannotOpen, CannotServe, Refusal) as cannot:
        typer.echo(f"samplemindd check: {cannot}", err=True)
        raise typer.Exit(CANNOT_START) from None
    for one in found:
        typer.echo(json.dumps(asdict(one), ensure_ascii=False) if as_json else _line(one))
    left = [one for one in found if not one.remedy]
    typer.echo(_sum(found, left), err=True)
    raise typer.Exit(BROKEN if left else 0)


def _fix(settings: Settings, deep: bool) -> list[Violation]:
    if not settings.home.is_dir():
        raise CannotMoveIn(f"there is no folder {settings.home}")
    house = House(settings.home)
    try:
        return asyncio.run(repair(settings, deep))
    finally:
        house.leave()


def _line(one: Violation) -> str:
    remedy = f" - {one.remedy}" if one.remedy else ""
    return printable(f"{one.invariant}  {one.subject}: {one.problem}{remedy}")


def _sum(found: list[Violation], left: list[Violation]) -> str:
    if not found:
        return "All is whole."
    return f"{len(found)} found, {len(found) - len(left)} made good, {len(left)} left."
