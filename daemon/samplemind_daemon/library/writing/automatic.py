"""Watch folders that are told to: what was heard is written into their files by itself, with the same care."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from uuid import uuid4

import structlog

from samplemind_daemon.library.writing.writes import Writes
from samplemind_daemon.model import Folder
from samplemind_daemon.refusals import Exhausted, Unavailable
from samplemind_daemon.store import Store, folders

log = structlog.get_logger(__name__)

AT_A_TIME = 50  # files of a write: so that each can be undone apart
PAUSE_SECONDS = 1.0  # between two rounds: what is heard meanwhile is written together
LONGEST_PAUSE_SECONDS = 30.0


class Automatic:
    """Writes from `start` until `stop`; `wake` says that something may have been heard."""

    def __init__(self, store: Store, writes: Writes) -> None:
        self._store, self._writes = store, writes
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to write, also what was heard while nobody did."""
        self._woken.set()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self, users: Collection[str]) -> None:
        """Something happened to these users' things."""
        self._woken.set()

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_PAUSE_SECONDS):
                    await self._woken.wait()
            self._woken.clear()
            try:
                for folder in await self._store.read(folders.to_write):
                    await self._write(folder)
            except (Exhausted, Unavailable):
                self._woken.set()  # the user writes, or the daemon ends: again in a moment
            except Exception:
                log.exception("what was heard could not be written into its files; it is tried again")
            await asyncio.sleep(PAUSE_SECONDS)

    async def _write(self, folder: Folder) -> None:
        heard = await self._store.read(folders.heard_since, folder, AT_A_TIME)
        if not heard:
            return
        id = str(uuid4())
        write, _ = await self._writes.preview(folder.user, id, folder.write, [audio for audio, _ in heard])
        if write.total:
            _, changes = await self._writes.apply(folder.user, id)
            failed = [one.problem.message for one in changes if one.problem]
            log.info("what was heard was written into files", write=id, files=write.total, failed=failed[:5])
        await self._store.write(folders.wrote, folder, heard[-1][1])
        self._woken.set()  # there may be more
