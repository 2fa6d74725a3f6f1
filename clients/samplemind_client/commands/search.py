"""`samplemind search`: sounds by what was heard in them."""

import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.only import Only, chosen, names
from samplemind_client.commands.output import Output, shown
from samplemind_client.commands.report import sound_fields
from samplemind_client.commands.rows import rows, value
from samplemind_client.commands.table import Column, head, row
from samplemind_client.errors import SampleMindError

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.analysis import Analysis
    from samplemind_client.values.query import Bounds, Clauses, Counted

COMMON = ("kind.label", "tempo.bpm", "key.key", "loudness.integrated")
COLUMNS = (
    Column("NAME", 36), Column("SECONDS", 8, right=True), Column("KIND", 8), Column("BPM", 7, right=True),
    Column("KEY", 8), Column("LUFS", 6, right=True), Column("STATE", 11),
)  # fmt: skip
STATES = ("uploaded", "queued", "processing", "completed", "failed", "cancelled", "quarantined")
FACETS = ("kind", "genre", "mood", "instrument", "tag", "key", "bpm", "folder", "state")
OPTIONS = {  # by the field that the daemon finds fault with
    "text": "TEXT", "tags": "--tag", "genres": "--genre", "moods": "--mood", "instruments": "--instrument",
    "kinds": "--kind", "bpm": "--bpm", "key": "--key", "key_rule": "--key-rule", "loudness": "--louder and --quieter",
    "duration": "--longer and --shorter", "folder_ids": "--folder", "states": "--state", "order_by": "--sort",
    "facets": "--facets",
}  # fmt: skip


class Rule(StrEnum):
    """Which other keys go with a key."""

    SAME = "same"
    RELATIVE = "relative"
    FIFTHS = "fifths"
    CAMELOT = "camelot"
    ENERGY_BOOST = "energy-boost"


Text = Annotated[str, typer.Argument(help="Words; each begins a word of the name or of a tag.")]
Tag = Annotated[list[str], typer.Option(help="This tag; once more for another that must be there too.")]
Genre = Annotated[list[str], typer.Option(help="This genre; once more for another that may be instead.")]
Mood = Annotated[list[str], typer.Option(help="This mood; once more for another that may be instead.")]
Instrument = Annotated[list[str], typer.Option(help="This instrument; once more for another that plays too.")]
Kind = Annotated[
    list[str], typer.Option(help="song, loop, one-shot, speech or silence; once more for another.")
]
Bpm = Annotated[
    str, typer.Option(metavar="RANGE", help="Beats a minute: 120-130, 120 (as it is rounded), 120- or -90.")
]
Half = Annotated[bool, typer.Option("--half-double", help="Half and double of --bpm are as good.")]
MusicalKey = Annotated[
    str, typer.Option(metavar="KEY", help="Such as 'A minor', Am, 8A, or a root alone, A.")
]
KeyRule = Annotated[Rule, typer.Option(help="Which keys go with --key.")]
Louder = Annotated[float | None, typer.Option(metavar="LUFS", help="At least so loud.")]
Quieter = Annotated[float | None, typer.Option(metavar="LUFS", help="At most so loud.")]
Longer = Annotated[float | None, typer.Option(metavar="SECONDS", help="At least so long.")]
Shorter = Annotated[float | None, typer.Option(metavar="SECONDS", help="At most so long.")]
Folder = Annotated[list[str], typer.Option(metavar="ID", help="In this watch folder; once more for another.")]
State = Annotated[list[str], typer.Option(help="Such as completed or failed; once more for another.")]
Sort = Annotated[
    str,
    typer.Option(
        help="created_at, name, bpm, key, loudness, duration, energy or size_bytes; 'bpm desc' downwards."
    ),
]
Facets = Annotated[
    str, typer.Option(metavar="NAMES", help=f"Count in place of listing: {','.join(FACETS)}, or all.")
]
Limit = Annotated[int, typer.Option(min=0, help="How many at most; 0 for all.")]


@asking
async def search(
    client: "AsyncClient",
    output: Output,
    text: Text = "",
    tag: Tag = [],  # noqa: B006 - typer's way to say that there is none
    genre: Genre = [],  # noqa: B006
    mood: Mood = [],  # noqa: B006
    instrument: Instrument = [],  # noqa: B006
    kind: Kind = [],  # noqa: B006
    bpm: Bpm = "",
    half_double: Half = False,
    key: MusicalKey = "",
    key_rule: KeyRule = Rule.SAME,
    louder: Louder = None,
    quieter: Quieter = None,
    longer: Longer = None,
    shorter: Shorter = None,
    folder: Folder = [],  # noqa: B006
    state: State = [],  # noqa: B006
    sort: Sort = "",
    facets: Facets = "",
    limit: Limit = 0,
    only: Only = "",
) -> bool:
    """Search sounds by words, labels, tempo, key, loudness and length, all of which must fit; newest first."""
    clauses: Clauses = {
        "tags": tag, "genres": genre, "moods": mood, "instruments": instrument, "kinds": kind, "folder_ids": folder,
        "bpm": _range(bpm), "half_double": half_double, "key": key, "key_rule": key_rule, "loudness": (louder, quieter),
        "duration": (longer, shorter), "states": _known(state),
    }  # fmt: skip
    try:
        if facets:
            counted = FACETS if facets.strip() == "all" else names(facets)
            _put_counts(output, await client.library.count(text, facets=counted, **clauses))
        else:
            found = client.library.query(text, order_by=sort, descriptors=_wanted(output, only), **clauses)
            await _put_sounds(output, found, names(only), limit)
    except SampleMindError as error:
        raise _misuse(error) from None
    return True


def _range(text: str) -> "Bounds":
    """Bounds such as 120-130; those of a number alone are what is rounded to it."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)?(-)?(\d+(?:\.\d+)?)?", text.replace(" ", ""))
    if found is None or text.strip() == "-":
        raise typer.BadParameter(
            f"{text!r} is no range such as 120-130, 120, 120- or -90", param_hint="--bpm"
        )
    low, dash, high = found.groups()
    if low and not dash:
        step = 0.5 / 10 ** len(low.partition(".")[2])
        return float(low) - step, float(low) + step
    return float(low) if low else None, float(high) if high else None


def _known(states: list[str]) -> list[str]:
    if unknown := [one for one in states if one not in STATES]:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(STATES)}", param_hint="--state")
    return states


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


def _misuse(error: SampleMindError) -> Exception:
    """The error, with the options that the daemon finds fault with by their names."""
    for field, why in error.fields.items():
        if option := OPTIONS.get(field.removeprefix("query.")):
            return typer.BadParameter(why, param_hint=option)
    return error
