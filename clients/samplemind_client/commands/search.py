"""`samplemind search`: sounds by what was heard in them."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.only import Only, chosen, names
from samplemind_client.commands.output import Output, shown
from samplemind_client.commands.report import sound_fields
from samplemind_client.commands.rows import rows, value
from samplemind_client.commands.sought import Sort, Sought, seeking
from samplemind_client.commands.table import Column, head, row

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.analysis import Analysis
    from samplemind_client.values.query import Counted

COMMON = ("kind.label", "tempo.bpm", "key.key", "loudness.integrated")
COLUMNS = (
    Column("NAME", 36), Column("SECONDS", 8, right=True), Column("KIND", 8), Column("BPM", 7, right=True),
    Column("KEY", 8), Column("LUFS", 6, right=True), Column("STATE", 11),
)  # fmt: skip
FACETS = ("kind", "genre", "mood", "instrument", "tag", "key", "bpm", "folder", "state")
Facets = Annotated[
    str, typer.Option(metavar="NAMES", help=f"Count in place of listing: {','.join(FACETS)}, or all.")
]
Limit = Annotated[int, typer.Option(min=0, help="How many at most; 0 for all.")]


@asking
@seeking
async def search(
    client: "AsyncClient",
    output: Output,
    wanted: Sought,
    sort: Sort = "",
    facets: Facets = "",
    limit: Limit = 0,
    only: Only = "",
) -> bool:
    """Search sounds by words, labels, tempo, key, loudness and length, all of which must fit; newest first."""
    text, clauses = wanted.text, wanted.clauses
    if facets:
        counted = FACETS if facets.strip() == "all" else names(facets)
        _put_counts(output, await client.library.count(text, facets=counted, **clauses))
    else:
        found = client.library.query(text, order_by=sort, descriptors=_wanted(output, only), **clauses)
        await _put_sounds(output, found, names(only), limit)
    return True


def _wanted(output: Output, only: str) -> tuple[str, ...]:
    """The descriptors to ask for; none, for those of a table, where none are named."""
    named = names(only)
    return named if output.as_json or not named else (*named, *COMMON)


async def _put_sounds(
    output: Output, found: "AsyncGenerator[Analysis, None]", named: tuple[str, ...], limit: int
) -> None:
    listed = 0
    async with aclosing(found):
        async for analysis in found:
            if not listed and not output.as_json:
                output.put({}, head(COLUMNS))
            known = analysis.descriptors.values()
            text = [row(COLUMNS, _cells(analysis)), *rows(chosen(known, named) if named else ())]
            output.put(sound_fields(analysis.sound, known), "\n".join(text))
            listed += 1
            if listed == limit:
                break


def _cells(analysis: "Analysis") -> Iterator[str]:
    sound = analysis.sound
    yield sound.name
    yield f"{sound.media.seconds:.2f}" if sound.media else ""
    for name in COMMON:
        found = analysis.descriptors.get(name)
        yield "-" if found is None or found.value is None else value(found.value)
    yield sound.state + (" (missing)" if sound.missing_at else "")


def _put_counts(output: Output, counted: "Counted") -> None:
    output.put({"facet": None, "value": None, "count": counted.total}, f"{counted.total:,} sounds")
    for name, counts in counted.facets.items():
        for one, count in counts.items():
            output.put(
                {"facet": name, "value": one, "count": count}, f"  {name:10}  {count:>9,}  {shown(one)}"
            )
