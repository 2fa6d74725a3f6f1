"""`samplemindd plugins`: what was found, what it offers, and why something cannot be used."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from samplemind_daemon.analysis.plan import fit
from samplemind_daemon.commands.output import printable
from samplemind_daemon.model import Catalogue
from samplemind_daemon.settings import CannotConfigure, Settings, load
from samplemind_daemon.work.cage import Cage
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.failures import CannotStart


def plugins(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    home: Annotated[Path | None, typer.Option(help="Where the folder of plugins is.")] = None,
) -> None:
    """List the plugins and their analyzers, with what is wrong with them."""
    try:
        found = asyncio.run(_catalogue(load(home=home)))
    except (CannotConfigure, CannotStart) as wrong:
        typer.echo(f"samplemindd plugins: {wrong}", err=True)
        raise typer.Exit(2) from None
    for line in _objects(found) if as_json else _lines(found):
        typer.echo(line)
    broken = any(plugin.problem for plugin in found.plugins) or fit(found)[1]
    raise typer.Exit(1 if broken else 0)


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
