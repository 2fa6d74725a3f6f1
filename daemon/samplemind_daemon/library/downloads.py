"""The bytes of sounds on their way out, checked."""

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from io import FileIO
from stat import S_ISREG

from samplemind_daemon.model import Audio
from samplemind_daemon.refusals import Damaged, NotFound, Refusal, Untimely
from samplemind_daemon.store import Store, files
from samplemind_daemon.store.blobs import PART, Blobs
from samplemind_daemon.store.files import Source

PIECE = 64 * 1024  # bytes in a message
MOST_CHECKED = 2  # whole files at a time: the few threads that read them are what every piece waits for


class Downloads:
    """Gives the bytes of sounds out."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store, self._blobs = store, blobs
        self._checking = asyncio.Semaphore(MOST_CHECKED)

    async def read(self, audio: Audio, offset: int) -> AsyncGenerator[tuple[int, bytes], None]:
        """A sound's bytes from an offset on, piece by piece, each with its own.

        All of them are checked before the first is given, unless they lie far away and are many: then they are
        given as they come, and the last only once all that was given is known to be right, if it began at 0.
        Raises Damaged where they are not what was kept, Untimely where the file in the watch folder has changed.
        """
        source = await self._store.read(files.source, self._blobs, audio)
        is_near = bool(source.path) or self._blobs.is_near(audio.sha256, audio.size)
        async with aclosing(
            self._near(audio, source, offset) if is_near else self._far(audio, offset)
        ) as pieces:
            async for piece in pieces:
                yield piece

    async def _near(
        self, audio: Audio, found: Source, offset: int
    ) -> AsyncGenerator[tuple[int, bytes], None]:
        async with files.at_hand(self._blobs, found, audio) as source:
            try:
                async with self._checking:
                    file = await asyncio.to_thread(_open, source, audio)
            except Damaged:
                self._blobs.doubt(audio.sha256)
                raise
            try:
                while data := await asyncio.to_thread(_part, file, offset):
                    yield offset, data
                    offset += len(data)
            finally:
                file.close()

    async def _far(self, audio: Audio, offset: int) -> AsyncGenerator[tuple[int, bytes], None]:
        digest, expected = hashlib.sha256(), audio.sha256 if offset == 0 else None
        pieces = self._blobs.pieces(audio.sha256, offset)
        data = await self._blobs.run(next, pieces, b"")
        while data:
            await asyncio.to_thread(digest.update, data)
            following = await self._blobs.run(next, pieces, b"")
            if not following:
                _expect(audio, offset + len(data), digest.hexdigest() if expected else audio.sha256)
            for start in range(0, len(data), PIECE):
                yield offset + start, data[start : start + PIECE]
            offset, data = offset + len(data), following


def _open(source: Source, audio: Audio) -> FileIO:
    """The file, at whose start it stands, with all its bytes checked."""
    try:
        file = FileIO(os.open(source.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC))
    except OSError as problem:
        raise NotFound(
            "SOURCE_GONE", f"The bytes of {audio.name!r} are not there: {problem.strerror}."
        ) from None
    status = os.fstat(file.fileno())
    if not S_ISREG(status.st_mode) or status.st_size != audio.size or _digest(file) != audio.sha256:
        file.close()
        raise _other_bytes(source, audio)
    return file


def _digest(file: FileIO) -> str:
    digest = hashlib.sha256()
    while part := file.read(PART):
        digest.update(part)
    return digest.hexdigest()


def _part(file: FileIO, offset: int) -> bytes:
    file.seek(offset)
    return file.read(PIECE)


def _expect(audio: Audio, size: int, sha256: str) -> None:
    if size != audio.size or sha256 != audio.sha256:
        raise _damaged(audio)


def _other_bytes(source: Source, audio: Audio) -> Refusal:
    if source.stamp is None:
        return _damaged(audio)
    return Untimely("FILE_CHANGED", f"The file of {audio.name!r} has changed since it was taken in.")


def _damaged(audio: Audio) -> Damaged:
    return Damaged("CORRUPTED", f"The bytes of {audio.name!r} are no longer those that were kept.")
