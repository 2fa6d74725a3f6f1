"""`samplemind watch`: the folders whose files become sounds."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.items import each
from samplemind_client.commands.only import names
from samplemind_client.commands.output import Output, printable, shown
from samplemind_client.commands.report import moment
from samplemind_client.errors import SampleMindError

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.folder import Folder

watch = typer.Typer()

Named = Annotated[list[str], typer.Argument(metavar="FOLDER...", help="Paths or ids of watched folders.")]
Flat = Annotated[bool, typer.Option("--flat", help="Leave out the folders below it.")]
Include = Annotated[list[str] | None, typer.Option(metavar="PATTERN", help="Only such names; repeatable.")]
Ignore = Annotated[list[str] | None, typer.Option(metavar="PATTERN", help="No such names; repeatable.")]
Tags = Annotated[
    str,
    typer.Option(
        metavar="NAMES", help="Write these into each file that was analysed: bpm,key,genre,comment."
    ),
]
Sidecar = Annotated[
    bool, typer.Option("--sidecar", help="Lay NAME.samplemind.json beside each file that was analysed.")
]
Template = Annotated[
    str,
    typer.Option(metavar="PATH", help="Rename each that was analysed, as in '{kind}/{bpm} {key} {name}'."),
]
Path = Annotated[str, typer.Argument(help="A folder of the daemon's machine.")]


@watch.callback(invoke_without_command=True)
@asking
async def folders(client: "AsyncClient", output: Output) -> bool:
    """List the watched folders. The commands below change them."""
    async for folder in client.folders.list():
        _put(output, folder)
    return True


@watch.command()
@asking
async def add(
    client: "AsyncClient",
    output: Output,
    path: Path,
    flat: Flat = False,
    include: Include = None,
    ignore: Ignore = None,
    tags: Tags = "",
    sidecar: Sidecar = False,
    template: Template = "",
) -> bool:
    """Watch a folder: what is in it, and what will be. With --tags, --sidecar or --template its files are written."""
    from samplemind_client.values.write import WritePlan

    plan = WritePlan(names(tags), sidecar, template)
    folder = await client.folders.add(
        os.path.abspath(path),
        flat=flat,
        include=include or (),
        ignore=ignore or (),
        write=plan if plan != WritePlan() else None,
    )
    _put(output, folder)
    return True


@watch.command()
@asking
async def remove(client: "AsyncClient", output: Output, folders: Named) -> bool:
    """Watch folders no more. Their sounds stay known, and their files untouched."""

    async def one(named: str) -> None:
        folder = await _find(client, named)
        await client.folders.remove(folder.id)
        fields = {"folder": folder.path, "state": "removed", "id": folder.id}
        output.put(fields, f"{shown(folder.path)}  removed")

    return await each(output, folders, one, "folder")


@watch.command()
@asking
async def pause(client: "AsyncClient", output: Output, folders: Named) -> bool:
    """Look at folders no more until they are resumed."""

    async def one(named: str) -> None:
        _put(output, await client.folders.pause((await _find(client, named)).id))

    return await each(output, folders, one, "folder")


@watch.command()
@asking
async def resume(client: "AsyncClient", output: Output, folders: Named) -> bool:
    """Look at folders again, and take in what came meanwhile."""

    async def one(named: str) -> None:
        _put(output, await client.folders.resume((await _find(client, named)).id))

    return await each(output, folders, one, "folder")


@watch.command()
@asking
async def scan(client: "AsyncClient", output: Output, folders: Named) -> bool:
    """Look at every file of folders now."""

    async def one(named: str) -> None:
        scan = await client.folders.scan((await _find(client, named)).id)
        fields = _fields(scan.folder) | {"seen": scan.seen, "changed": scan.changed}
        output.put(fields, f"{shown(scan.folder.path)}  {scan.seen} files, {scan.changed} new or changed")

    return await each(output, folders, one, "folder")


async def _find(client: "AsyncClient", named: str) -> "Folder":
    """The watched folder with this path or id."""
    paths = (printable(named), printable(os.path.abspath(named)))
    async for folder in client.folders.list():
        if folder.id == named or folder.path in paths:
            return folder
    raise SampleMindError("NOT_FOUND", "FOLDER_NOT_FOUND", f"No folder {printable(named)!r} is watched.")


def _put(output: Output, folder: "Folder") -> None:
    output.put(_fields(folder), "\n".join(_lines(folder)))


def _fields(folder: "Folder") -> dict[str, Any]:
    health = folder.health
    return {
        "folder": folder.path, "state": folder.state, "id": folder.id, "recursive": folder.recursive,
        "include": folder.include, "ignore": folder.ignore, "created_at": moment(folder.created_at),
        "health": {
            "mode": health.mode, "files": health.files, "missing": health.missing, "backlog": health.backlog,
            "last_event_at": moment(health.last_event_at), "last_sweep_at": moment(health.last_sweep_at),
            "last_sweep_seconds": health.last_sweep_seconds, "problems": health.problems,
        },
        "write": vars(folder.write) if folder.write else None,
    }  # fmt: skip


def _lines(folder: "Folder") -> Iterator[str]:
    health = folder.health
    yield f"{shown(folder.path)}  {folder.state}"
    if folder.write:
        written = (
            *folder.write.tags,
            *(["a sidecar"] if folder.write.sidecar else []),
            folder.write.template,
        )
        yield f"  written by itself: {', '.join(shown(one) for one in written if one)}"
    yield f"  {health.files} files, {health.missing} missing, {health.backlog} waiting, {health.mode}"
    if health.last_sweep_at:
        took = f"in {health.last_sweep_seconds:.2f} s"
        yield f"  last looked at all at {health.last_sweep_at.astimezone():%Y-%m-%d %H:%M:%S}, {took}"
    for problem in health.problems:
        yield f"  problem: {shown(problem)}"
