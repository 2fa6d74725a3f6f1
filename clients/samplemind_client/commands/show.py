"""`samplemind show`: all that is known of a sound."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from samplemind_client.commands.asking import asking
from samplemind_client.commands.items import Named, each, find
from samplemind_client.commands.only import Only, chosen, names
from samplemind_client.commands.output import Output, shown
from samplemind_client.commands.report import length, sentence, sound_fields
from samplemind_client.commands.rows import WIDTH, rows

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.analysis import Analysis


@asking
async def show(client: "AsyncClient", output: Output, sounds: Named, only: Only = "") -> bool:
    """Show all that was found in sounds."""

    async def one(named: str) -> None:
        analysis = await client.analysis((await find(client, named)).id)
        found = chosen(analysis.descriptors.values(), names(only))
        output.put(
            sound_fields(analysis.sound, found), "\n".join((*_lines(analysis), *rows(found, candidates=True)))
        )

    return await each(output, sounds, one)


def _lines(analysis: "Analysis") -> Iterator[str]:
    sound, media = analysis.sound, analysis.sound.media
    yield f"{shown(sound.name)}{length(sound)}  {sound.state}"
    yield f"  {'id':{WIDTH}} {sound.id}"
    if media:
        bits = f", {media.bits} bits" if media.bits else ""
        channels = f"{media.channels} channel{'s' if media.channels != 1 else ''}"
        yield f"  {'format':{WIDTH}} {media.container} {media.codec}, {media.rate} Hz, {channels}{bits}"
    if sound.path:
        yield f"  {'path':{WIDTH}} {shown(sound.path)}{' (missing)' if sound.missing_at else ''}"
    if sound.problem:
        yield f"  {'problem':{WIDTH}} {sentence(sound.problem)}"
    for warning in media.warnings if media else ():
        yield f"  {'warning':{WIDTH}} {shown(warning)}"
