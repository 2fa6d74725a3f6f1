"""One folder, watched: hints and sweeps say where to look, files settle, and the library hears of them."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from time import monotonic

import structlog

from samplemind_daemon.library.folders import Folders
from samplemind_daemon.model import Folder, FolderHealth, Place, WatchMode
from samplemind_daemon.refusals import Untimely
from samplemind_daemon.settings import Settings
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.threads import Threads
from samplemind_daemon.watcher.beneath import look
from samplemind_daemon.watcher.difference import Difference, compare, is_mass_loss
from samplemind_daemon.watcher.doorkeeper import Doorkeeper, Presence
from samplemind_daemon.watcher.listening import Listening
from samplemind_daemon.watcher.names import Names
from samplemind_daemon.watcher.notices import Hints
from samplemind_daemon.watcher.problems import Problems, shown
from samplemind_daemon.watcher.settling import Settling
from samplemind_daemon.watcher.sweep import Sweep, sweep
from samplemind_daemon.watcher.taking import Taking

log = structlog.get_logger(__name__)

GLANCE_SECONDS = 2.0  # between looks at the folder itself
GATHER_SECONDS = 0.1  # that hints gather before they are heeded
POLL_SECONDS = 5.0  # between sweeps where the system does not tell of changes
SHARE = 20  # ... and at most a 20th of the time is spent on them
TROUBLE_SECONDS = 5.0  # before the next try after something failed
HUNG_SECONDS = 5.0  # that a disk gets to answer when its folder is to be watched no more
MOST_TOLD = 5  # problems of a kind


@dataclass(frozen=True)
class Swept:
    """What a sweep saw."""

    seen: int  # files
    changed: int  # files that were new, or had changed or moved


class Watch:
    """Watches one folder from `start` until `stop`."""

    def __init__(self, folder: Folder, folders: Folders, settings: Settings) -> None:
        self.folder = folder
        self._folders, self._settings = folders, settings
        self._names, self._problems, self._threads = (
            Names(folder),
            Problems(shown(folder.path)),
            Threads(2, "watch"),
        )
        self._settling = Settling(settings.quiet_seconds, settings.closed_seconds)
        self._woken = asyncio.Event()
        self._door = Doorkeeper(folder, folders, self._names, self._problems, self._threads)
        self._listening = Listening(folder, self._problems, self._threads, self._woken.set)
        self._taking = Taking(folder, folders, self._settling, self._problems, self._threads)
        self._sweep_at, self._swept_at, self._sweep_took = 0.0, float("-inf"), 0.0
        self._last_sweep_at: datetime | None = None
        self._suspects: tuple[float, set[bytes]] | None = None  # since when, and which
        self._scans: list[asyncio.Future[Swept]] = []

    def start(self) -> None:
        """Begin to watch."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Watch no more."""
        self._taking.stop()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        stopping = asyncio.create_task(self._listening.stop())
        await asyncio.wait([stopping], timeout=HUNG_SECONDS)
        if not stopping.done():
            log.warning("a folder's disk hangs: it is let go as it is", folder=shown(self.folder.path))
        self._threads.close()
        self._refuse_scans("FOLDER_NOT_WATCHED", "The folder is not watched any more.")

    async def scan(self) -> Swept:
        """Sweep now. Raises Untimely where the folder is not there."""
        asked: asyncio.Future[Swept] = asyncio.get_running_loop().create_future()
        self._scans.append(asked)
        self._sweep_at = 0.0
        self.wake()
        return await asked

    def wake(self) -> None:
        """Look again, now; also at what was refused before."""
        self._door.reconsider()
        self._woken.set()

    def health(self) -> FolderHealth:
        """How it goes; without the numbers of files, which the library knows."""
        return FolderHealth(
            mode=self._listening.mode,
            last_event_at=self._listening.last_at,
            last_sweep_at=self._last_sweep_at,
            last_sweep_seconds=self._sweep_took,
            backlog=len(self._settling),
            problems=self._problems.sentences(),
        )

    async def _run(self) -> None:
        while True:
            pause = 0.0
            try:
                await self._turn()
                self._problems.settle("trouble")
            except Exception as error:  # whatever it is, the folder must be looked at again
                log.warning("watching failed", folder=shown(self.folder.path), exc_info=error)
                self._problems.note("trouble", f"Watching failed, and is tried again: {error}.")
                self._sweep_at = 0.0  # what was hinted at is forgotten
                pause = TROUBLE_SECONDS
            await self._rest(pause)

    async def _turn(self) -> None:
        presence = await self._door.look()
        if presence is not Presence.THERE:  # what listened to another folder hears nothing of this one
            self._settling.clear()
            self._listening.retry()
            await self._listening.stop()
        if presence is Presence.AWAY:
            self._refuse_scans("FOLDER_OFFLINE", "The folder is not there, or not the one it was.")
            return
        if await self._listening.keep() or presence is Presence.ARRIVED:
            self._sweep_at = 0.0
        await self._heed(self._listening.drain())
        if monotonic() >= self._sweep_at or (self._settling.overflowed and not self._settling):
            await self._sweep()
        await self._taking.take_settled()

    async def _rest(self, pause: float) -> None:
        """Wait until there is something to do."""
        await asyncio.sleep(pause)
        next_due = self._settling.next_due()
        until = min(monotonic() + GLANCE_SECONDS, next_due if next_due is not None else float("inf"))
        if self._door.is_in:
            until = min(until, self._sweep_at)
        try:  # not wait_for: Python 3.11's forgets that it was cancelled where it was woken in the same moment
            async with asyncio.timeout(max(until - monotonic(), 0)):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()
        await asyncio.sleep(GATHER_SECONDS)

    async def _heed(self, hints: Hints) -> None:
        if hints.everywhere:  # soon, but not over and over while a tree is being copied
            soon = max(monotonic() + GATHER_SECONDS, self._swept_at + SHARE * self._sweep_took)
            self._sweep_at = min(self._sweep_at, soon)
        wanted = [path for path in hints.changed | hints.closed if self._names.wants(path)]
        if wanted:
            seen = await self._threads.run(look, self.folder.path, wanted)
            for path, stamp in seen.items():
                self._settling.see(path, stamp, monotonic(), closed=path in hints.closed)

    async def _sweep(self) -> None:
        asked, self._scans = self._scans, []  # who asks while it runs gets the next one
        try:
            swept = await self._see()
        except BaseException:
            self._scans += asked
            raise
        for scan in asked:
            if not scan.done():
                scan.set_result(swept)
        self._sweep_at = 0.0 if self._scans else self._swept_at + self._interval()

    async def _see(self) -> Swept:
        started = monotonic()
        self._settling.overflowed = False
        seen = await self._threads.run(sweep, self.folder.path, self._names)
        known = await self._folders.places(self.folder.id)
        inodes = self._listening.lasting_inodes
        news = await self._threads.run(compare, known, seen, self._names, inodes)
        for path, stamp in news.fresh.items():
            self._settling.see(path, stamp, monotonic())
        await self._taking.take_told(news.told)
        self._miss(news)
        self._tell(seen)
        self._problems.settle("lost")
        self._swept_at, self._last_sweep_at = monotonic(), now()
        self._sweep_took = self._swept_at - started
        return Swept(len(seen.files), len(news.fresh) + len(news.told))

    def _interval(self) -> float:
        """Seconds until the next sweep."""
        often = self._settings.sweep_seconds
        if self._listening.mode is WatchMode.NOTIFIED:
            return often
        return min(often, max(POLL_SECONDS, SHARE * self._sweep_took))

    def _miss(self, news: Difference) -> None:
        """Let what is gone settle as gone; so many files that it may be a mistake only once confirmed."""
        gone, suspected = news.gone, self._suspects
        if not is_mass_loss(len(gone), news.present):
            self._suspects = None
            self._problems.settle("loss")
        elif suspected is None or monotonic() - suspected[0] < self._settings.sweep_seconds / 2:
            since = suspected[0] if suspected else monotonic()
            self._suspects = since, {place.path for place in gone}
            few = f"{len(gone)} of {news.present} files are gone at once"
            self._problems.note("loss", f"{few}: the next sweep will tell whether they are missing.")
            return
        else:
            gone = [place for place in gone if place.path in suspected[1]]
            self._problems.settle("loss")
        self._note_gone(gone)

    def _note_gone(self, gone: list[Place]) -> None:
        for place in gone:
            self._settling.see(place.path, None, monotonic())

    def _tell(self, seen: Sweep) -> None:
        """Say what could not be looked at, a few of each kind."""
        told = {("unread", path): f"{shown(path)}/ cannot be read: {why}." for path, why in _few(seen.unread)}
        told |= {("skipped", path): f"{shown(path)} {why}." for path, why in _few(seen.skipped)}
        for about, sentence in told.items():
            self._problems.note(about, sentence)
        self._problems.keep_only("unread", told.keys())
        self._problems.keep_only("skipped", told.keys())
        self._problems.keep_only("unreadable", {("unreadable", path) for path in seen.files})

    def _refuse_scans(self, reason: str, why: str) -> None:
        for scan in self._scans:
            if not scan.done():
                scan.set_exception(Untimely(reason, why))
        self._scans.clear()


def _few(reasons: dict[bytes, str]) -> list[tuple[bytes, str]]:
    return list(islice(sorted(reasons.items()), MOST_TOLD))
