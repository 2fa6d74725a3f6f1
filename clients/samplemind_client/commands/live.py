"""`samplemind live`: sound heard as it is played."""

from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.only import Only, names
from samplemind_client.commands.output import Output
from samplemind_client.commands.report import descriptor_fields, problem_fields, sentence, sound_fields
from samplemind_client.commands.rows import rows
from samplemind_client.commands.scope import Scope
from samplemind_client.commands.sources import Source, open_source

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.live import LiveUpdate

File = Annotated[
    str, typer.Argument(metavar="[FILE]", help="A file to play, or - for samples on standard input.")
]
Format = Annotated[str, typer.Option(help="Of standard input: f32le, s16le or s24le.")]
Rate = Annotated[int, typer.Option(metavar="HZ", help="Of standard input and the microphone.")]
Channels = Annotated[int, typer.Option(help="Of standard input and the microphone.")]
Microphone = Annotated[bool, typer.Option("--microphone", help="Listen to the microphone until ^C.")]
Fast = Annotated[
    bool, typer.Option("--fast", help="Send a file as fast as it is heard, not as it is played.")
]
Keep = Annotated[str, typer.Option(metavar="NAME", help="Keep the sound as a file of this name.")]


@asking
async def live(
    client: "AsyncClient",
    output: Output,
    file: File = "-",
    format: Format = "s16le",
    rate: Rate = 44_100,
    channels: Channels = 2,
    microphone: Microphone = False,
    fast: Fast = False,
    keep: Keep = "",
    only: Only = "",
) -> bool:
    """Have sound heard while it is played: tempo, beat, key and loudness move on the terminal.

    ffmpeg -i rtsp://… -f s16le -ar 48000 -ac 2 - | samplemind live --rate 48000
    """
    source: Source = open_source("" if microphone else file, format, rate, channels, in_time=not fast)
    told = names(only)
    scope = Scope(output, source.stream.rate)
    finals: list[Any] = []
    with scope:
        played = client.play(
            source.pieces(), source.stream, descriptors=told, keep=bool(keep), name=keep or source.name
        )
        async with aclosing(played) as updates:
            async for update in updates:
                scope.see(update)
                _print(output, update, finals)
    return not (finals and finals[-1] is None)


def _print(output: Output, update: "LiveUpdate", finals: list[Any]) -> None:
    """Print what stays: for programs all that is said, for people the findings at the end."""
    from samplemind_client.values.live import LiveEnd, LiveFinal

    match update:
        case LiveFinal(descriptor):
            finals.append(descriptor)
        case LiveEnd(media, sound, problem):
            found = {one.name: descriptor_fields(one) for one in finals}
            fields = {
                "update": "end", "seconds": media.seconds, "error": problem_fields(problem),
                "sound": sound_fields(sound) if sound else None, "descriptors": found,
            }  # fmt: skip
            lines = [*rows(finals), *([f"not kept: {sentence(problem)}"] if problem else [])]
            output.put(fields, "\n".join(lines))
            if problem:
                finals.append(None)
        case _ if output.as_json:
            output.put(_fields(update), "")


def _fields(update: "LiveUpdate") -> dict[str, Any]:
    from samplemind_client.values.live import LiveEstimate

    if isinstance(update, LiveEstimate):
        about = {"frame": update.frame, "stability": update.stability, "name": update.descriptor.name}
        return {"update": "estimate", **about, **descriptor_fields(update.descriptor)}
    return {"update": type(update).__name__.removeprefix("Live").lower(), **vars(update)}
