"""`samplemind ls`: the sounds that the daemon keeps."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.output import Output
from samplemind_client.commands.report import sentence, sound_fields
from samplemind_client.commands.rows import value
from samplemind_client.commands.table import Column, head, row

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.analysis import Analysis

COLUMNS = (
    Column("NAME", 36), Column("SECONDS", 8, right=True), Column("BPM", 7, right=True), Column("KEY", 8),
    Column("LUFS", 6, right=True), Column("STATE", 11),
)  # fmt: skip

Filter = Annotated[str, typer.Option(help="Only these, as in 'state = failed AND name : kick'.")]
Order = Annotated[str, typer.Option(help="Such as name, created_at, size_bytes or 'state_at desc'.")]
Limit = Annotated[int, typer.Option(min=0, help="How many at most; 0 for all.")]


@asking
async def ls(
    client: "AsyncClient", output: Output, filter: Filter = "", order: Order = "", limit: Limit = 0
) -> bool:
    """List sounds, newest first. As JSON with all that was found in them, but lists."""
    names = () if output.as_json else ("tempo.bpm", "key.key", "loudness.integrated")
    listed = 0
    async for analysis in client.analyses(filter, order, names):
        if not listed and not output.as_json:
            output.put({}, head(COLUMNS))
        fields = sound_fields(analysis.sound, analysis.descriptors.values())
        output.put(fields, row(COLUMNS, _cells(analysis)))
        listed += 1
        if listed == limit:
            break
    return True


def _cells(analysis: "Analysis") -> Iterator[str]:
    sound = analysis.sound
    yield sound.name
    yield f"{sound.media.seconds:.2f}" if sound.media else ""
    for name in ("tempo.bpm", "key.key", "loudness.integrated"):
        found = analysis.descriptors.get(name)
        yield "-" if found is None or found.value is None else value(found.value)
    missing = " (missing)" if sound.missing_at else ""
    yield sound.state + missing + (f": {sentence(sound.problem)}" if sound.problem else "")
