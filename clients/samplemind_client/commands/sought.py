"""Which sounds are meant: the options that `search` and all that works on what is found have."""

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samplemind_client.errors import SampleMindError

if TYPE_CHECKING:
    from samplemind_client.values.query import Bounds, Clauses

STATES = ("uploaded", "queued", "processing", "completed", "failed", "cancelled", "quarantined")
OPTIONS = {  # by the field that the daemon finds fault with
    "text": "TEXT", "tags": "--tag", "genres": "--genre", "moods": "--mood", "instruments": "--instrument",
    "kinds": "--kind", "bpm": "--bpm", "key": "--key", "key_rule": "--key-rule", "loudness": "--louder and --quieter",
    "duration": "--longer and --shorter", "folder_ids": "--folder", "states": "--state", "order_by": "--sort",
    "facets": "--facets", "descriptors": "--only",
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


@dataclass(frozen=True)
class Sought:
    """Words, and what else must hold of a sound."""

    text: str
    clauses: "Clauses"


def sought(
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
) -> Sought:
    """What the options say; BadParameter where one cannot be."""
    clauses: Clauses = {
        "tags": tag, "genres": genre, "moods": mood, "instruments": instrument, "kinds": kind, "folder_ids": folder,
        "bpm": _range(bpm), "half_double": half_double, "key": key, "key_rule": key_rule, "loudness": (louder, quieter),
        "duration": (longer, shorter), "states": _known(state),
    }  # fmt: skip
    return Sought(text, clauses)


def seeking(deed: Callable[..., Awaitable[bool]], words: bool = True) -> Callable[..., Awaitable[bool]]:
    """The deed with these options in place of what is sought, its `wanted`; without `words`, it has its own for them.

    What the daemon finds fault with is said by its option.
    """
    options = [one for one in inspect.signature(sought).parameters.values() if words or one.name != "text"]
    own = [one for one in inspect.signature(deed).parameters.values() if one.name != "wanted"]

    async def found(*given: Any, **named: Any) -> bool:
        wanted = sought(**{one.name: named.pop(one.name) for one in options if one.name in named})
        try:
            return await deed(*given, wanted=wanted, **named)
        except SampleMindError as error:
            raise _misuse(error) from None

    first = own[:2]  # the client, and the output
    found.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [*first, *(one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in (*options, *own[2:]))]
    )
    found.__name__, found.__doc__ = deed.__name__, deed.__doc__
    return found


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


def _misuse(error: SampleMindError) -> Exception:
    """The error, with the options that the daemon finds fault with by their names."""
    for field, why in error.fields.items():
        if option := OPTIONS.get(field.removeprefix("query.")):
            return typer.BadParameter(why, param_hint=option)
    return error
