"""`samplemindd plugins`: what was found, what it offers, why something cannot be used, and trials of one."""

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from samplemind_daemon.analysis.plan import fit
from samplemind_daemon.commands.output import printable
from samplemind_daemon.commands.trial import NoSuchPlugin, examine
from samplemind_daemon.model import Catalogue
from samplemind_daemon.settings import CannotConfigure, Settings, load
from samplemind_daemon.work.cage import Cage
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.failures import CannotStart

T = TypeVar("T")

plugins = typer.Typer(help="List the plugins, or try one.", invoke_without_command=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]
Home = Annotated[Path | None, typer.Option(help="Where the folder of plugins is.")]


@plugins.callback()
def list_plugins(context: typer.Context, as_json: AsJson = False, home: Home = None) -> None:
    """List the plugins and their analyzers, with what is wrong with them."""
    if context.invoked_subcommand is not None:
        return
    found = _run(_catalogue(_settings(home)))
    for line in _objects(found) if as_json else _lines(found):
        typer.echo(line)
    broken = any(plugin.problem for plugin in found.plugins) or fit(found)[1]
    raise typer.Exit(1 if broken else 0)


@plugins.command("test")
def try_one(
    name: Annotated[str, typer.Argument(help="The plugin.")], as_json: AsJson = False, home: Home = None
) -> None:
    """Try a plugin: whether it keeps the promises of its contract, and what it does to real files."""
    verdicts = _run(examine(name, _settings(home)))
    for one in verdicts:
        typer.echo(one.as_json() if as_json else one.as_text())
    raise typer.Exit(1 if any(one.problems for one in verdicts) else 0)


def _settings(home: Path | None) -> Settings:
    try:
        return load(home=home)
    except CannotConfigure as wrong:
        _refuse(wrong)


def _run(deed: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(deed)
    except (CannotStart, NoSuchPlugin) as wrong:
        _refuse(wrong)


def _refuse(wrong: Exception) -> NoReturn:
    typer.echo(printable(f"samplemindd plugins: {wrong}"), err=True)
    raise typer.Exit(2) from None


async def _catalogue(settings: Settings) -> Catalogue:
    cage = Cage(settings.home, settings.worker_scratch)
    crew = Crew(1, settings.plugins, interactive=0, cage=cage)
    try:
        await crew.start()
        return crew.catalogue
    finally:
        await crew.stop()


def _objects(found: Catalogue) -> list[str]:
    offered = _offered(found)
    return [json.dumps({**asdict(plugin), "analyzers": offered[plugin.name]}) for plugin in found.plugins]


def _lines(found: Catalogue) -> list[str]:
    offered, lines = _offered(found), []
    for plugin in found.plugins:
        state = f"cannot be used: {plugin.problem}" if plugin.problem else "is used"
        lines.append(printable(f"{plugin.name} ({plugin.origin}) {state}"))
        for one in [] if plugin.problem else offered[plugin.name]:
            problem = f" - left out: {one['problem']}" if one["problem"] else ""
            lines.append(f"  {one['name']} {one['version']}: {', '.join(one['outputs'])}{problem}")
    return lines


def _offered(found: Catalogue) -> dict[str, list[dict[str, Any]]]:
    reasons = fit(found)[1]
    offered: dict[str, list[dict[str, Any]]] = {plugin.name: [] for plugin in found.plugins}
    for one in found.analyzers:
        outputs = [f"{one.name}.{output.name}" for output in one.outputs]
        facts = {"name": one.name, "version": one.version, "outputs": outputs}
        offered[one.plugin].append({**facts, "problem": reasons.get(one.name, "")})
    return offered
