"""Many items of one command line: a failed one leaves the others to be done."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

from samplemind_client.commands.asking import is_of_one_item
from samplemind_client.commands.output import Output, printable, shown
from samplemind_client.errors import SampleMindError

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.sound import Sound

T = TypeVar("T")

MOST_NAMESAKES = 5  # that are listed

Named = Annotated[list[str], typer.Argument(metavar="SOUND...", help="Ids or names of sounds.")]


async def each(
    output: Output, names: Iterable[str], deed: Callable[[str], Awaitable[None]], kind: str = "file"
) -> bool:
    """Do the deed to each item in turn, and say which could not be done and why; whether all could."""
    well = True
    for name in names:
        try:
            await deed(name)
        except SampleMindError as error:
            if not is_of_one_item(error):
                raise
            well = False
            complain(output, name, error, kind)
    return well


async def several(items: Iterator[T], most: int, deed: Callable[[T], Awaitable[bool]]) -> bool:
    """Do the deed to all items, so many at a time; whether it went well each time.

    An error that it raises ends them all.
    """

    async def one_after_another() -> bool:
        return all([await deed(item) for item in items])

    try:
        async with asyncio.TaskGroup() as group:
            rows = [group.create_task(one_after_another()) for _ in range(most)]
    except ExceptionGroup as many:
        raise many.exceptions[0] from None
    return all(row.result() for row in rows)


async def find(client: "AsyncClient", named: str) -> "Sound":
    """The sound with this id or name; a SampleMindError where there is none, or more than one."""
    if _is_id(named):
        return await client.sounds.get(named)
    name = printable(named)
    found = []
    async for sound in client.sounds.list(filter=f"name = {quoted(name)}"):
        found.append(sound)
        if len(found) > MOST_NAMESAKES:
            break
    if len(found) == 1:
        return found[0]
    if not found:
        raise SampleMindError("NOT_FOUND", "AUDIO_NOT_FOUND", f"There is no sound called {name!r}.")
    ids = ", ".join(sound.id for sound in found[:MOST_NAMESAKES])
    more = " and more" if len(found) > MOST_NAMESAKES else ""
    raise SampleMindError(
        "FAILED_PRECONDITION", "AMBIGUOUS", f"Several sounds are called {name!r}; say which: {ids}{more}."
    )


def quoted(text: str) -> str:
    """Text as a filter takes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_id(named: str) -> bool:
    try:
        return str(UUID(named)) == named.lower()
    except ValueError:
        return False


def complain(output: Output, name: str, error: SampleMindError, kind: str = "file") -> None:
    """Say why an item, whose name programs find under its kind, could not be done."""
    wrong = {"reason": error.reason, "message": error.message}
    if output.as_json:
        output.put({kind: printable(name), "status": "failed", "error": wrong}, "")
    else:
        output.note(f"{shown(name)}: {error.message} ({error.reason})")
