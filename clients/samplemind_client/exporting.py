"""Files for other programs, of what a query finds."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from samplemind.v1 import library_pb2 as pb
from samplemind_client.errors import CannotReach, SampleMindError
from samplemind_client.line.line import Line

FORMATS = {
    "csv": pb.EXPORT_FORMAT_CSV,
    "jsonl": pb.EXPORT_FORMAT_JSONL,
    "m3u8": pb.EXPORT_FORMAT_M3U8,
    "rekordbox": pb.EXPORT_FORMAT_REKORDBOX,
}

Progress = Callable[[int, int], None]  # sounds written, and sounds in all


@dataclass(frozen=True)
class ExportPiece:
    """Bytes of a file, and how many sounds it tells of so far, of how many."""

    data: bytes
    done: int
    total: int


async def pieces(
    line: Line, format: str, query: pb.Query | None, order_by: str, descriptors: Iterable[str]
) -> AsyncGenerator[ExportPiece, None]:
    """The file piece by piece. A break before the first is made good; CannotReach says that it broke later."""
    if format not in FORMATS:
        why = f"{format!r} is none of {', '.join(FORMATS)}."
        raise SampleMindError("INVALID_ARGUMENT", "INVALID_FORMAT", why)
    asked = pb.ExportRequest(
        query=query, order_by=order_by, format=FORMATS[format], descriptors=tuple(descriptors)
    )
    begun = False

    def request() -> pb.ExportRequest:
        if begun:
            raise CannotReach("The export broke off, and cannot be gone on with: ask again.")
        return asked

    stream = line.stream("LibraryService/Export", request, pb.ExportResponse, line.tries())
    async with aclosing(stream) as messages:
        async for message in messages:
            begun = True
            yield ExportPiece(message.data, message.done, message.total)


async def export(
    line: Line,
    path: str | os.PathLike[str],
    format: str,
    query: pb.Query | None,
    order_by: str,
    descriptors: Iterable[str],
    progress: Progress | None,
) -> int:
    """Write the file, which is there only once it is whole; how many sounds it tells of. OSError where it cannot be."""
    part, done = Path(f"{os.fspath(path)}.part"), 0
    try:
        with await asyncio.to_thread(part.open, "wb") as file:
            async with aclosing(pieces(line, format, query, order_by, descriptors)) as found:
                async for piece in found:
                    await asyncio.to_thread(file.write, piece.data)
                    done = piece.done
                    if progress:
                        progress(done, piece.total)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return done
