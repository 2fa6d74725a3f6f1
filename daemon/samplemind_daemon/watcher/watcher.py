"""All watched folders."""

import asyncio

import structlog

from samplemind_daemon.library.folders import Folders
from samplemind_daemon.model import Folder, FolderHealth, FolderState
from samplemind_daemon.refusals import Untimely
from samplemind_daemon.settings import Settings
from samplemind_daemon.watcher.watch import TROUBLE_SECONDS, Swept, Watch

log = structlog.get_logger(__name__)


class Watcher:
    """Watches every folder that is to be watched, from `start` until `stop`."""

    def __init__(self, folders: Folders, settings: Settings) -> None:
        self._folders, self._settings = folders, settings
        self._watches: dict[str, Watch] = {}
        self._changing, self._changed = asyncio.Lock(), asyncio.Event()
        self._catching_up: set[asyncio.Task[None]] = set()
        self._over = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Watch, and hear of every folder that is to be watched otherwise."""
        self._folders.on_change = self._changed.set
        self._changed.set()
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Watch nothing any more."""
        self._folders.on_change = lambda: None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._over = True
        async with self._changing:
            await asyncio.gather(*(watch.stop() for watch in self._watches.values()))
            self._watches.clear()

    def health(self, folder_id: str) -> FolderHealth:
        """How watching a folder goes; without the numbers of its files, which the library knows."""
        watch = self._watches.get(folder_id)
        return watch.health() if watch else FolderHealth()

    async def scan(self, folder_id: str) -> Swept:
        """Sweep a folder now. Raises Untimely where it is paused, away, or not watched any more."""
        await self._catch_up()
        watch = self._watches.get(folder_id)
        if watch is None:
            raise Untimely("FOLDER_NOT_WATCHED", "The folder is paused, or not watched any more.")
        return await watch.scan()

    async def _follow(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._catch_up()
            except Exception as error:  # the store, most likely; what is to be watched must not be forgotten
                log.warning("the folders to watch are not known", exc_info=error)
                await asyncio.sleep(TROUBLE_SECONDS)
                self._changed.set()

    async def _catch_up(self) -> None:
        """Watch just the folders that are to be watched, as they are to be watched.

        A caller that goes away in the middle leaves nothing half done.
        """
        task = asyncio.create_task(self._change())
        self._catching_up.add(task)
        task.add_done_callback(self._catching_up.discard)
        await asyncio.shield(task)

    async def _change(self) -> None:
        async with self._changing:
            if self._over:
                return
            wanted = {
                folder.id: folder
                for folder in await self._folders.everyone()
                if folder.state is not FolderState.PAUSED
            }
            over = [
                watch for id, watch in self._watches.items() if not _is_same(watch.folder, wanted.get(id))
            ]
            for watch in over:
                del self._watches[watch.folder.id]
            await asyncio.gather(*(watch.stop() for watch in over))
            for watch in self._watches.values():
                watch.wake()
            for folder in wanted.values():
                if folder.id not in self._watches:
                    self._watches[folder.id] = Watch(folder, self._folders, self._settings)
                    self._watches[folder.id].start()


def _is_same(one: Folder, other: Folder | None) -> bool:
    """Whether two are the same folder, watched in the same way."""
    return other is not None and (one.path, one.recursive, one.include, one.ignore) == (
        other.path,
        other.recursive,
        other.include,
        other.ignore,
    )
