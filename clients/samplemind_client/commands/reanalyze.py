"""`samplemind reanalyze`: sounds analysed again."""

from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.items import Named, each, find
from samplemind_client.commands.output import Output
from samplemind_client.commands.report import job_fields, job_text

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient

Everything = Annotated[
    bool, typer.Option("--everything", help="Also what is still as it would be made today.")
]


@asking
async def reanalyze(
    client: "AsyncClient", output: Output, sounds: Named, everything: Everything = False
) -> bool:
    """Analyse sounds again. What would be found as before is left alone."""

    async def one(named: str) -> None:
        sound = await find(client, named)
        job = await client.reanalyze(sound.id, everything=everything)
        output.put(job_fields(sound, job), job_text(sound, job))

    return await each(output, sounds, one)
