"""`samplemind plugins`: what listens in the daemon."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.items import each
from samplemind_client.commands.output import Output, shown

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.plugin import Analyzer, Plugin

plugins = typer.Typer()

Named = Annotated[list[str], typer.Argument(metavar="PLUGIN...", help="Names of plugins.")]
Name = Annotated[str, typer.Argument(metavar="ANALYZER", help="The analyzer, as in tempo.")]
Values = Annotated[
    list[str],
    typer.Argument(metavar="PARAMETER=VALUE...", help="New values; PARAMETER= goes back to the default."),
]


@plugins.callback(invoke_without_command=True)
@asking
async def list_plugins(client: "AsyncClient", output: Output) -> bool:
    """List the plugins. The commands below show and change them."""
    for plugin in await client.plugins.list():
        _put(output, plugin)
    return True


@plugins.command()
@asking
async def show(client: "AsyncClient", output: Output, plugins: Named) -> bool:
    """Show what plugins find out, and what can be set."""

    async def one(name: str) -> None:
        plugin = await client.plugins.get(name)
        output.put(asdict(plugin), "\n".join((_line(plugin), *_details(plugin))))

    return await each(output, plugins, one, "name")


@plugins.command()
@asking
async def enable(client: "AsyncClient", output: Output, plugins: Named) -> bool:
    """Use plugins from the next sound on."""

    async def one(name: str) -> None:
        _put(output, await client.plugins.enable(name))

    return await each(output, plugins, one, "name")


@plugins.command()
@asking
async def disable(client: "AsyncClient", output: Output, plugins: Named) -> bool:
    """Use plugins no more from the next sound on."""

    async def one(name: str) -> None:
        _put(output, await client.plugins.disable(name))

    return await each(output, plugins, one, "name")


@plugins.command()
@asking
async def configure(client: "AsyncClient", output: Output, analyzer: Name, values: Values) -> bool:
    """Set parameters of an analyzer from the next sound on."""
    plugin = await client.plugins.configure(analyzer, dict(map(_setting, values)))
    output.put(asdict(plugin), "\n".join((_line(plugin), *_details(plugin))))
    return True


def _setting(text: str) -> tuple[str, Any]:
    """A parameter and its value: as JSON where it is some, else as it stands."""
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not PARAMETER=VALUE")
    try:
        return name, json.loads(value or "null")
    except ValueError:
        return name, value


def _put(output: Output, plugin: "Plugin") -> None:
    output.put(asdict(plugin), _line(plugin))


def _line(plugin: "Plugin") -> str:
    state = "in use" if plugin.enabled else "disabled"
    state = f"cannot be used: {plugin.problem}" if plugin.problem else state
    return f"{shown(plugin.name)} ({shown(plugin.origin)})  {shown(state)}"


def _details(plugin: "Plugin") -> Iterator[str]:
    for analyzer in plugin.analyzers:
        left_out = f"  left out: {shown(analyzer.problem)}" if analyzer.problem else ""
        yield f"  {analyzer.name} {analyzer.version}: {shown(analyzer.description)}{left_out}"
        yield from _quantities(analyzer)


def _quantities(analyzer: "Analyzer") -> Iterator[str]:
    for one in analyzer.parameters:
        unit = f" {one.unit}" if one.unit else ""
        yield f"    set  {one.name} = {json.dumps(one.value)}{unit}  {shown(one.help)}".rstrip()
    for name in analyzer.inputs:
        yield f"    from {name}"
    for output in analyzer.outputs:
        unit = f" in {output.unit}" if output.unit else ""
        yield f"    says {output.name}{unit}  {shown(output.help)}".rstrip()
