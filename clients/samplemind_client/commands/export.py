"""`samplemind export`: files for other programs, of what is found."""

import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.only import Only, names
from samplemind_client.commands.output import Output, printable, shown
from samplemind_client.commands.sought import Sort, Sought, seeking

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.exporting import ExportPiece


class Format(StrEnum):
    """Kinds of files."""

    CSV = "csv"
    JSONL = "jsonl"
    M3U8 = "m3u8"
    REKORDBOX = "rekordbox"


AsFormat = Annotated[
    Format, typer.Option("--format", help="A table, JSON Lines, a playlist, or a collection.")
]
To = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to; - is stdout.")]


@asking
@seeking
async def export(
    client: "AsyncClient",
    output: Output,
    wanted: Sought,
    format: AsFormat = Format.CSV,
    to: To = "-",
    sort: Sort = "",
    only: Only = "",
) -> bool:
    """Write what is found as a file: a CSV that `import` reads, JSON Lines, a playlist, or a rekordbox collection."""
    if to == "-":
        return await _print(
            client.library.export_pieces(
                format, wanted.text, order_by=sort, descriptors=names(only), **wanted.clauses
            )
        )
    output.expect(lambda: 1)
    try:
        done = await client.library.export(
            to,
            format,
            wanted.text,
            order_by=sort,
            descriptors=names(only),
            progress=lambda done, total: output.progress(to, done / total if total else 1.0),
            **wanted.clauses,
        )
    except OSError as error:
        raise typer.BadParameter(f"{printable(to)} cannot be written: {error.strerror or error}") from None
    output.done(to)
    text = f"{shown(to)}  {done:,} sound{'' if done == 1 else 's'}"
    output.put({"file": printable(to), "status": "written", "error": None, "sounds": done}, text)
    return True


async def _print(pieces: "AsyncGenerator[ExportPiece, None]") -> bool:
    async with aclosing(pieces):
        async for piece in pieces:
            sys.stdout.buffer.write(piece.data)
    sys.stdout.buffer.flush()
    return True
