"""`samplemind similar`: the sounds that are most like one, or that fit it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.items import find
from samplemind_client.commands.output import Output, shown
from samplemind_client.commands.report import sound_fields
from samplemind_client.commands.rows import value
from samplemind_client.commands.sought import Sought, seeking
from samplemind_client.commands.table import Column, head, row

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.analysis import Analysis
    from samplemind_client.values.likeness import Match, Neighbour

COMMON = ("tempo.bpm", "key.key", "kind.label")
NEAR = (
    Column("NAME", 36), Column("DISTANCE", 8, right=True), Column("RHYTHM", 6, right=True),
    Column("TIMBRE", 6, right=True), Column("HARMONY", 7, right=True), Column("BPM", 7, right=True),
    Column("KEY", 8), Column("KIND", 8),
)  # fmt: skip
FITS = (
    Column("NAME", 36), Column("SCORE", 5, right=True), Column("SPEED", 6, right=True), Column("PITCH", 6, right=True),
    Column("BPM", 7, right=True), Column("KEY", 8), Column("KIND", 8),
)  # fmt: skip

Compared = Annotated[
    str, typer.Argument(metavar="FILE|SOUND", help="A file, which is not kept, or a sound's id or name.")
]
Weight = Annotated[
    float, typer.Option(min=0, max=10, help="How much it counts; one that is not said does not.")
]
Fits = Annotated[
    bool, typer.Option("--fits", help="What goes with it, and why, in place of what is like it.")
]
Stretch = Annotated[float, typer.Option(min=0, max=0.5, help="With --fits: a share; 0.08 if 0.")]
KeepPitch = Annotated[bool, typer.Option("--keep-pitch", help="With --fits: stretching leaves the pitch.")]
Limit = Annotated[int, typer.Option(min=0, max=200, help="How many at most; 20 if 0.")]


@asking
@partial(seeking, words=False)
async def similar(
    client: "AsyncClient",
    output: Output,
    wanted: Sought,
    sound: Compared,
    rhythm: Weight = 0.0,
    timbre: Weight = 0.0,
    harmony: Weight = 0.0,
    fits: Fits = False,
    stretch: Stretch = 0.0,
    keep_pitch: KeepPitch = False,
    limit: Limit = 0,
) -> bool:
    """Show the sounds that are most like one, or with --fits those that go with it, among those that match."""
    from samplemind_client.values.likeness import Weights

    if fits and (rhythm or timbre or harmony):
        raise typer.BadParameter("--rhythm, --timbre and --harmony weigh likeness, and --fits asks for none")
    if (stretch or keep_pitch) and not fits:
        raise typer.BadParameter("--stretch and --keep-pitch go with --fits")
    sample: str | Path = path if (path := Path(sound)).is_file() else (await find(client, sound)).id
    if fits:
        fit = await client.library.compatible(
            sample, stretch_limit=stretch, keep_pitch=keep_pitch, limit=limit, **wanted.clauses
        )
        _put(output, FITS, [(_match_fields(one), _match_text(one)) for one in fit.matches])
    else:
        weights = Weights(rhythm, timbre, harmony)
        near = await client.library.similar(sample, weights, limit=limit, **wanted.clauses)
        _put(output, NEAR, [(_near_fields(one), row(NEAR, _near_cells(one))) for one in near.neighbours])
    return True


def _put(output: Output, columns: tuple[Column, ...], found: list[tuple[dict[str, Any], str]]) -> None:
    if found and not output.as_json:
        output.put({}, head(columns))
    for fields, text in found:
        output.put(fields, text)


def _near_fields(one: "Neighbour") -> dict[str, Any]:
    return {
        **sound_fields(one.found.sound, one.found.descriptors.values()),
        "distance": one.distance,
        "distances": vars(one.distances),
    }


def _near_cells(one: "Neighbour") -> Iterator[str]:
    yield one.found.sound.name
    parts = one.distances
    yield from (f"{number:.2f}" for number in (one.distance, parts.rhythm, parts.timbre, parts.harmony))
    yield from _common(one.found)


def _match_fields(one: "Match") -> dict[str, Any]:
    return {
        **sound_fields(one.found.sound, one.found.descriptors.values()),
        "score": one.score,
        "speed": one.speed,
        "semitones": one.semitones,
        "reasons": [vars(why) for why in one.reasons],
    }


def _match_text(one: "Match") -> str:
    reasons = (
        f"  {why.aspect:9} {'-' if why.score is None else f'{why.score:.2f}':>4}  {shown(why.sentence)}"
        for why in one.reasons
    )
    return "\n".join((row(FITS, _match_cells(one)), *reasons))


def _match_cells(one: "Match") -> Iterator[str]:
    yield one.found.sound.name
    yield f"{one.score:.2f}"
    yield f"{one.speed:.3f}" if one.speed is not None else ""
    yield f"{one.semitones:+.2f}" if one.semitones is not None else ""
    yield from _common(one.found)


def _common(found: "Analysis") -> Iterator[str]:
    for name in COMMON:
        known = found.descriptors.get(name)
        yield "-" if known is None or known.value is None else value(known.value)
