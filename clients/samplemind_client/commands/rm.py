"""`samplemind rm`: sounds deleted."""

from typing import TYPE_CHECKING

from samplemind_client.commands.asking import asking
from samplemind_client.commands.items import Named, each, find
from samplemind_client.commands.output import Output, shown

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient


@asking
async def rm(client: "AsyncClient", output: Output, sounds: Named) -> bool:
    """Delete sounds. A file in a watch folder stays there, and is forgotten."""

    async def one(named: str) -> None:
        sound = await find(client, named)
        await client.sounds.delete(sound.id)
        output.put(
            {"file": sound.name, "status": "deleted", "error": None, "id": sound.id},
            f"{shown(sound.name)}  deleted",
        )

    return await each(output, sounds, one)
