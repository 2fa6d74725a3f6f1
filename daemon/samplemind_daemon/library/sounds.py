"""What users do with their sounds: look them up, rename, take them out, delete them."""

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator
from io import FileIO
from stat import S_ISREG

from samplemind_daemon.library import names
from samplemind_daemon.model import Audio
from samplemind_daemon.refusals import Damaged, Invalid, NotFound, Refusal, Untimely
from samplemind_daemon.store import Database, Store, files, leaving, sounds
from samplemind_daemon.store.blobs import GRACE, PART, Blobs
from samplemind_daemon.store.files import Source
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.sounds import Clause, Listing
from samplemind_daemon.work.engine import Engine

PIECE = 64 * 1024  # bytes in a message
MOST_CHECKED = 2  # whole files at a time: the few threads that read them are what every piece waits for


class Sounds:
    """The sounds of all users."""

    def __init__(self, store: Store, blobs: Blobs, engine: Engine) -> None:
        self._store, self._blobs, self._engine = store, blobs, engine
        self._checking = asyncio.Semaphore(MOST_CHECKED)

    async def get(self, user: str, id: str) -> Audio:
        """The user's sound; NotFound if there is none, or it is another's."""
        return _known(await self._store.read(sounds.find, user, id), id)

    async def list(self, user: str, listing: Listing, limit: int) -> tuple[list[Audio], int]:
        """Up to `limit` of the user's sounds, and how many match in all."""
        return await self._store.read(_page, user, listing, limit)

    async def count(self, user: str, clauses: tuple[Clause, ...]) -> int:
        """How many of the user's sounds match."""
        return await self._store.read(sounds.count, user, clauses)

    async def rename(self, user: str, id: str, name: str) -> Audio:
        """The sound under another name; Invalid if that is none."""
        clean = names.clean(name)
        if not clean:
            why = {"name": f"a name has 1 to {names.LONGEST} characters and no folder"}
            raise Invalid("INVALID_NAME", f"The sound cannot be named so: {why['name']}.", why)
        return _known(await self._store.write(sounds.rename, user, id, clean), id)

    async def delete(self, user: str, id: str) -> None:
        """Forget a sound, its jobs and its results. Its bytes go later, once nobody has had them for a day."""
        audio = await self.get(user, id)
        await self._engine.cancel(user, id)
        await self._blobs.run(self._blobs.retire, audio.sha256)
        await self._store.write(sounds.remove, user, id)

    async def read(self, user: str, id: str, offset: int = 0) -> AsyncGenerator[tuple[int, bytes], None]:
        """The sound's bytes from an offset on, piece by piece, each with its own.

        All of them are checked before the first is given: Damaged where they are not what was kept,
        Untimely where the file in the watch folder has changed since.
        """
        audio = await self.get(user, id)
        if not 0 <= offset <= audio.size:
            why = {"offset": f"{offset} lies outside the {audio.size} bytes"}
            raise Invalid("INVALID_OFFSET", f"The sound cannot be read from there: {why['offset']}.", why)
        source = await self._store.read(files.source, self._blobs, audio)
        async with self._checking:
            file = await asyncio.to_thread(_open, source, audio)
        try:
            while data := await asyncio.to_thread(_part, file, offset):
                yield offset, data
                offset += len(data)
        finally:
            file.close()

    async def sweep(self) -> int:
        """Remove bytes that nobody has had for longer than the grace; how many files it were."""
        moment, swept = now() - GRACE, 0
        for folder in await self._blobs.run(self._blobs.folders):
            old = await self._blobs.run(self._blobs.old, folder, moment)
            wanted = await self._store.read(leaving.wanted, [copy.sha256 for copy in old])  # after the look
            for copy in old:
                if copy.is_spare or copy.sha256 not in wanted:
                    swept += await self._blobs.run(self._blobs.drop, copy, moment)
        return swept


def _page(db: Database, user: str, listing: Listing, limit: int) -> tuple[list[Audio], int]:
    return sounds.page(db, user, listing, limit), sounds.count(db, user, listing.clauses)


def _known(audio: Audio | None, id: str) -> Audio:
    if audio is None:
        raise NotFound("AUDIO_NOT_FOUND", f"There is no sound {id[:60]!r}.")
    return audio


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


def _other_bytes(source: Source, audio: Audio) -> Refusal:
    if source.stamp is None:
        return Damaged("CORRUPTED", f"The bytes of {audio.name!r} are no longer those that were kept.")
    return Untimely("FILE_CHANGED", f"The file of {audio.name!r} has changed since it was taken in.")
