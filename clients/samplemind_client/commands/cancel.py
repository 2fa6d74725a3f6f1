"""`samplemind cancel`: analyses stopped."""

from typing import TYPE_CHECKING

from samplemind_client.commands.asking import asking
from samplemind_client.commands.items import Named, each, find
from samplemind_client.commands.output import Output
from samplemind_client.commands.report import job_fields, job_text

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient


@asking
async def cancel(client: "AsyncClient", output: Output, sounds: Named) -> bool:
    """Stop the analysis of sounds."""

    async def one(named: str) -> None:
        sound = await find(client, named)
        job = await client.cancel(sound.id)
        output.put(job_fields(sound, job), job_text(sound, job))

    return await each(output, sounds, one)
