"""`samplemind duplicates`: sounds that are there more than once."""

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.output import Output, shown

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.duplicate import DuplicateGroup
    from samplemind_client.values.sound import Sound


class Same(StrEnum):
    """How sounds are the same."""

    BYTES = "bytes"
    AUDIO = "audio"
    RECORDING = "recording"


By = Annotated[Same, typer.Option(help="What must be the same; recording counts other encodings, too.")]


@asking
async def duplicates(client: "AsyncClient", output: Output, same: By = Same.RECORDING) -> bool:
    """List sounds that are there more than once, the best encoding first."""
    async for group in client.library.duplicates(same):
        output.put(_fields(group), "\n".join(_lines(group)))
    return True


def _fields(group: "DuplicateGroup") -> dict[str, Any]:
    return {
        "sameness": group.sameness, "total": group.total, "differences": group.differences,
        "sounds": [_sound(one) for one in group.sounds],
    }  # fmt: skip


def _sound(sound: "Sound") -> dict[str, Any]:
    media = sound.media
    return {
        "file": sound.name, "path": sound.path or None, "id": sound.id, "size_bytes": sound.size,
        "codec": media.codec if media else None, "seconds": media.seconds if media else None,
    }  # fmt: skip


def _lines(group: "DuplicateGroup") -> Iterator[str]:
    differ = ", ".join(one.replace("_", " ") for one in group.differences) or "nothing"
    yield f"{group.total:,} of the same {group.sameness}; what differs: {differ}"
    for sound in group.sounds:
        kind = f"{sound.media.codec}, {sound.media.rate} Hz" if sound.media else "-"
        yield f"  {shown(sound.path or sound.name):48} {kind:24} {sound.size:>12,} bytes  {sound.id}"
