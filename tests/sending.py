"""What a sender sends to an upload."""

from collections.abc import AsyncIterator

DATA = bytes(range(256)) * 40


async def pieces(
    id: str, data: bytes, start: int = 0, size: int = 1_000
) -> AsyncIterator[tuple[str, int, bytes]]:
    """What a sender sends."""
    for at in range(start, len(data), size):
        yield id, at, data[at : at + size]


async def one(*piece) -> AsyncIterator[tuple[str, int, bytes]]:
    """A single piece."""
    yield piece
