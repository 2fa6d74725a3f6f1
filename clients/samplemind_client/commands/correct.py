"""`samplemind correct`: another value than what was heard."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.items import Named, each, find
from samplemind_client.commands.only import names
from samplemind_client.commands.output import Output, shown
from samplemind_client.commands.report import sound_fields
from samplemind_client.commands.rows import rows

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.correction import Correction

WORDS = {
    "key": "key.key", "note": "key.root_note", "meter": "meter.signature", "kind": "kind.label",
    "drum": "oneshot.label",
}  # fmt: skip
LISTS = {
    "genre": "genre.labels",
    "mood": "mood.labels",
    "instruments": "instruments.labels",
    "tags": "tags.words",
}
NAMES: Mapping[str, str] = {"bpm": "tempo.bpm"} | WORDS | LISTS  # by option

Bpm = Annotated[float | None, typer.Option(help="The tempo in beats a minute.")]
Double = Annotated[bool, typer.Option("--double", help="Twice the tempo that counts now.")]
Half = Annotated[bool, typer.Option("--half", help="Half the tempo that counts now.")]
Key = Annotated[
    str | None,
    typer.Option(
        metavar="KEY", help="As people write it: Am, F# major, 8A. (An API key goes before `correct`.)"
    ),
]
Note = Annotated[str | None, typer.Option(help="The note of a single sound: A4, F#3.")]
Meter = Annotated[str | None, typer.Option(help="Such as 3/4.")]
Kind = Annotated[str | None, typer.Option(help="song, loop, one-shot, speech or silence.")]
Drum = Annotated[str | None, typer.Option(help="What a one-shot is: kick, snare, 'open hi-hat', note.")]
Genre = Annotated[str | None, typer.Option(metavar="WORDS", help="Genres, as in house,techno.")]
Mood = Annotated[str | None, typer.Option(metavar="WORDS", help="Moods.")]
Instruments = Annotated[str | None, typer.Option(metavar="WORDS", help="Instruments.")]
Tags = Annotated[str | None, typer.Option(metavar="WORDS", help="All its tags, as in dusty,vinyl.")]
Undo = Annotated[
    str, typer.Option(metavar="NAMES", help=f"What was heard counts again, of {', '.join(NAMES)} or all.")
]


@asking
async def correct(
    client: "AsyncClient",
    output: Output,
    sounds: Named,
    bpm: Bpm = None,
    double: Double = False,
    half: Half = False,
    key: Key = None,
    note: Note = None,
    meter: Meter = None,
    kind: Kind = None,
    drum: Drum = None,
    genre: Genre = None,
    mood: Mood = None,
    instruments: Instruments = None,
    tags: Tags = None,
    undo: Undo = "",
) -> bool:
    """Say otherwise than what was heard: it counts from now on, whatever is heard later, until it is undone."""
    words = {"key": key, "note": note, "meter": meter, "kind": kind, "drum": drum}
    lists = {"genre": genre, "mood": mood, "instruments": instruments, "tags": tags}
    if sum((bpm is not None, double, half)) > 1:
        raise typer.BadParameter("--bpm, --double and --half say different tempi")
    taken_back = _named(undo)

    def wishes(id: str) -> "Iterator[Correction]":
        from samplemind_client.values.correction import Correction

        yield from (Correction(id, name, undo=True) for name in taken_back)
        if bpm is not None:
            yield Correction(id, "tempo.bpm", bpm)
        if double or half:
            yield Correction(id, "tempo.bpm", factor=2.0 if double else 0.5)
        yield from (Correction(id, WORDS[name], word) for name, word in words.items() if word is not None)
        yield from (Correction(id, LISTS[name], names(one)) for name, one in lists.items() if one is not None)

    if not any(wishes("")):
        raise typer.BadParameter(
            "say what is to be corrected, as in --bpm 128, --double, --key Am or --undo key"
        )

    async def one(named: str) -> None:
        sound = await find(client, named)
        [known] = (await client.library.correct(*wishes(sound.id))).analyses
        found = known.descriptors.values()
        output.put(
            sound_fields(known.sound, found),
            "\n".join((shown(known.sound.name), *rows(found, candidates=True))),
        )

    return await each(output, sounds, one)


def _named(undo: str) -> list[str]:
    """The descriptors that an option's words name."""
    found: list[str] = []
    for word in names(undo):
        if word != "all" and NAMES.get(word, word) not in NAMES.values():
            raise typer.BadParameter(f"--undo {word}: it is none of {', '.join(NAMES)} or all")
        found += NAMES.values() if word == "all" else [NAMES.get(word, word)]
    return found
