"""Files of a command line on their way to the daemon."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_client.commands.files import Item
from samplemind_client.commands.output import printable

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.sound import Sound

Paths = Annotated[list[str], typer.Argument(metavar="PATH...", help="Files and folders.")]
Jobs = Annotated[int, typer.Option(min=1, max=32, help="Files to do at a time.")]


async def send(client: "AsyncClient", item: Item, progress: Callable[[float], None]) -> "Sound":
    """The sound that a file is at the daemon now; `progress` hears 0 to 1.

    Raises a SampleMindError also where the file is none, or cannot be read.
    """
    from samplemind_client.errors import SampleMindError

    if item.reason:
        raise SampleMindError("FAILED_PRECONDITION", item.reason, item.message)
    try:
        return await client.upload(item.path, lambda done, total: progress(done / total if total else 1.0))
    except OSError as error:
        why = f"{printable(item.path)} cannot be read: {error.strerror or error}"
        raise SampleMindError("FAILED_PRECONDITION", "UNREADABLE", why) from None
