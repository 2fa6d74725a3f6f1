"""The chunks that WAV, AIFF and CAF files are made of: a name, a size, and what it holds."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from .cannot import CannotDecode
from .file import File

MOST = 10_000  # chunks or boxes in one file: honest ones have dozens


@dataclass(frozen=True)
class Chunk:
    """Where a chunk's content begins, and the size in bytes that it claims."""

    place: int
    size: int


def read_chunks(file: File, offset: int, layout: str, *, padded: bool = False) -> Mapping[bytes, Chunk]:
    """The first chunk of each name from byte `offset` on; `layout` packs name and size, in struct's terms.

    Padded chunks begin at even bytes; some writers forget that, so only a zero is taken for padding.
    """
    found: dict[bytes, Chunk] = {}
    length = struct.calcsize(layout)
    for _ in range(MOST):
        head = file.at(offset, length)
        if len(head) < length:
            return found
        name, size = struct.unpack(layout, head)
        if name == b"data" and b"ds64" in found:  # EBU Tech 3306: sizes beyond 4 GiB stand there
            size = int.from_bytes(file.at(found[b"ds64"].place + 8, 8), "little")
        found.setdefault(name, Chunk(offset + length, size))
        offset += length + size
        if padded and size & 1 and file.at(offset, 1) == b"\0":
            offset += 1
    raise CannotDecode("UNDECODABLE", f"the file has more than {MOST:,} chunks")


def need(chunks: Mapping[bytes, Chunk], *names: bytes) -> tuple[Chunk, ...]:
    """The chunks of these names; raises CannotDecode if one is not there."""
    for name in names:
        if name not in chunks:
            raise CannotDecode("UNDECODABLE", f"the file ends without a {name.decode().strip()} chunk")
    return tuple(chunks[name] for name in names)


def read(file: File, chunk: Chunk | None, count: int) -> bytes:
    """The first bytes of a chunk, if it is there; at most `count`."""
    return file.at(chunk.place, min(chunk.size, count)) if chunk else b""
