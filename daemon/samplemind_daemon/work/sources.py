"""The bytes of sounds on this machine, for as long as they are what was taken in."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import structlog

from samplemind_daemon.model import Audio
from samplemind_daemon.refusals import Damaged, NotFound, Refusal
from samplemind_daemon.store import Store, files, sounds
from samplemind_daemon.store.blobs import Blobs
from samplemind_daemon.store.threads import Threads
from samplemind_daemon.work.failures import TaskFailed
from samplemind_daemon.work.order import Order

log = structlog.get_logger(__name__)

LATELY_SECONDS = 120.0  # that a changed file is waited for: its folder will take it in as it is then
SILENT_SECONDS = (
    5.0  # that the disk of a watch folder gets to answer; then the job waits, and others have its seat
)
MOST_LOOKS = 4  # at files in watch folders at a time


class NotSettled(Exception):
    """The file has just been changed and its folder has not taken it in yet, or its disk does not answer."""


class TakenInAgain(Exception):
    """The sound has got another content, or lies elsewhere now."""


class Bytes(Protocol):
    """Whoever has the bytes of an order, or can get them."""

    def at_hand(self, order: Order) -> AbstractAsyncContextManager[str]:
        """The path of a file with the sound's bytes, for as long as the context lasts.

        Before and after, TaskFailed where they are nowhere, NotSettled and TakenInAgain; before, Exhausted and
        Unavailable where they cannot be had now.
        """


class Sources:
    """Files where they lie: kept ones, and those of watch folders, which others may change at any moment."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store, self._blobs = store, blobs
        self._looks = Threads(MOST_LOOKS, "look")

    def close(self) -> None:
        """Look at no more files."""
        self._looks.close()

    @asynccontextmanager
    async def at_hand(self, order: Order) -> AsyncIterator[str]:
        """As Bytes has it."""
        audio = await self._store.read(sounds.find, order.user, order.audio)
        if audio is None or audio.sha256 != order.sha256:
            raise TakenInAgain
        source = await self.source(audio)
        await self.check(source, audio)
        try:
            async with files.at_hand(self._blobs, source, audio) as here:
                yield os.fsdecode(here.path)
        except (NotFound, Damaged) as gone:
            raise TaskFailed("SOURCE_GONE", gone.message) from None
        except TaskFailed:
            await self.check(source, audio)
            raise
        await self.check(source, audio)

    async def source(self, audio: Audio) -> files.Source:
        """Where the sound is now; TaskFailed if its bytes are nowhere."""
        try:
            return await self._store.read(files.source, self._blobs, audio)
        except Refusal as gone:
            raise TaskFailed("SOURCE_GONE", gone.message) from None

    async def check(self, source: files.Source, audio: Audio) -> None:
        """TaskFailed if the file is not the one any more whose content the sound has, and will not be taken in.

        NotSettled if it may be taken in soon, and TakenInAgain if it was.
        """
        if source.stamp is None:
            return
        stamp = await self._look_at(source)
        if stamp == source.stamp:
            return
        if await self.source(audio) != source:
            raise TakenInAgain
        if stamp is None:
            raise TaskFailed("SOURCE_GONE", f"The file {audio.name!r} is not in its folder any more.")
        if await self._looks.run(files.has_changed_lately, source.path, LATELY_SECONDS):
            raise NotSettled
        raise TaskFailed("SOURCE_CHANGED", f"The file {audio.name!r} was changed since it was taken in.")

    async def _look_at(self, source: files.Source) -> files.Stamp | None:
        """The stamp of the file as it is now; None if it is not there. NotSettled where its disk does not answer."""
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                return await self._looks.run(files.stamp, source.path)
        except TimeoutError:
            log.warning(
                "a disk does not answer: what is to be heard from it waits", path=os.fsdecode(source.path)
            )
            raise NotSettled from None
