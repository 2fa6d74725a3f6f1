"""Hearing from the system what changes in a folder, for as long as it will tell."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from samplemind_daemon.model import Folder, WatchMode
from samplemind_daemon.store.threads import Threads
from samplemind_daemon.watcher import mounts
from samplemind_daemon.watcher.notices import CannotNotice, Hints, Notices
from samplemind_daemon.watcher.problems import Problems

AGAIN_SECONDS = 300.0  # after a limit of the system was reached


class Listening:
    """Keeps notices coming; where there are none, the folder is polled."""

    def __init__(
        self, folder: Folder, problems: Problems, threads: Threads, wake: Callable[[], None]
    ) -> None:
        self._folder, self._problems, self._threads, self._wake = folder, problems, threads, wake
        self._notices: Notices | None = None
        self._overflows = 0  # of these notices, that are known
        self._again_at = 0.0
        self._last_at: datetime | None = None
        self.lasting_inodes = True  # whether a file keeps its inode; on some network mounts it does not

    @property
    def mode(self) -> WatchMode:
        """How the folder is watched."""
        return WatchMode.POLLED if self._notices is None else WatchMode.NOTIFIED

    @property
    def last_at(self) -> datetime | None:
        """When the system last said something."""
        return self._notices.last_at or self._last_at if self._notices else self._last_at

    def drain(self) -> Hints:
        """The hints since the last time; that some were lost is a problem until the next sweep."""
        if self._notices is None:
            return Hints()
        if self._notices.overflows > self._overflows:
            self._overflows = self._notices.overflows
            self._problems.note("lost", "More changed at once than the system tells: the folder is swept.")
        return self._notices.drain()

    async def keep(self) -> bool:
        """Listen, if that is possible; whether something may have been missed until now."""
        if self._notices is not None and self._notices.limit:
            self._problems.note("limit", self._notices.limit)
            self._again_at = monotonic() + AGAIN_SECONDS
            await self.stop()
            return True
        if self._notices is not None and self._notices.alive:
            return False
        if monotonic() < self._again_at:
            return False
        await self.stop()
        return await self._start()

    async def stop(self) -> None:
        """Listen no more."""
        notices, self._notices = self._notices, None
        if notices is not None:
            self._last_at = notices.last_at or self._last_at
            # Whoever is ended while this runs must not leave notices behind: a system has 128 of them for all.
            await asyncio.shield(asyncio.create_task(self._threads.run(notices.stop)))

    def retry(self) -> None:
        """Try to listen again at the next turn, whatever was in the way."""
        self._again_at = 0.0

    async def _start(self) -> bool:
        self._again_at = monotonic() + AGAIN_SECONDS
        self.lasting_inodes = not await self._threads.run(mounts.is_remote, self._folder.path)
        if not self.lasting_inodes:
            return False
        self._notices, self._overflows = Notices(self._folder.path, self._folder.recursive, self._wake), 0
        try:
            await self._threads.run(self._notices.start)
        except CannotNotice as why:
            self._notices = None
            self._problems.note("limit", str(why))
            return False
        self._problems.settle("limit")
        self._again_at = 0.0
        return True
