"""`samplemind ls`: the sounds that the daemon keeps."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.only import Only, chosen, names
from samplemind_client.commands.output import Output
from samplemind_client.commands.report import sentence, sound_fields
from samplemind_client.commands.rows import rows, value
from samplemind_client.commands.table import Column, head, row

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.analysis import Analysis

COMMON = ("tempo.bpm", "key.key", "loudness.integrated")
COLUMNS = (
    Column("NAME", 36), Column("SECONDS", 8, right=True), Column("BPM", 7, right=True), Column("KEY", 8),
    Column("LUFS", 6, right=True), Column("STATE", 11),
)  # fmt: skip

Filter = Annotated[str, typer.Option(help="Only these, as in 'state = failed AND name : kick'.")]
Order = Annotated[str, typer.Option(help="Such as name, created_at, size_bytes or 'state_at desc'.")]
Limit = Annotated[int, typer.Option(min=0, help="How many at most; 0 for all.")]


@asking
async def ls(
    client: "AsyncClient",
    output: Output,
    filter: Filter = "",
    order: Order = "",
    limit: Limit = 0,
    only: Only = "",
) -> bool:
    """List sounds, newest first. As JSON with all that was found in them, but lists: those are for --only to name."""
    named, listed = names(only), 0
    asked = named if output.as_json else (*named, *COMMON)
    async for analysis in client.analyses(filter, order, asked):
        if not listed and not output.as_json:
            output.put({}, head(COLUMNS))
        found = analysis.descriptors.values()
        text = [row(COLUMNS, _cells(analysis)), *rows(chosen(found, named) if named else ())]
        output.put(sound_fields(analysis.sound, found), "\n".join(text))
        listed += 1
        if listed == limit:
            break
    return True


def _cells(analysis: "Analysis") -> Iterator[str]:
    sound = analysis.sound
    yield sound.name
    yield f"{sound.media.seconds:.2f}" if sound.media else ""
    for name in COMMON:
        found = analysis.descriptors.get(name)
        yield "-" if found is None or found.value is None else value(found.value)
    missing = " (missing)" if sound.missing_at else ""
    yield sound.state + missing + (f": {sentence(sound.problem)}" if sound.problem else "")
