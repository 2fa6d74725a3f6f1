"""Whether a watched folder is there: while it is away, or another lies in its place, nothing is missed."""

from enum import Enum

from samplemind_daemon.library.folders import Folders
from samplemind_daemon.model import Folder, FolderState
from samplemind_daemon.store.threads import Threads
from samplemind_daemon.watcher.names import Names
from samplemind_daemon.watcher.problems import Problems, shown
from samplemind_daemon.watcher.root import Root, is_successor, look_at
from samplemind_daemon.watcher.sweep import sweep


class Presence(Enum):
    """What a look at the folder itself came to."""

    AWAY = "away"
    ARRIVED = "arrived"
    THERE = "there"


class Doorkeeper:
    """Knows the folder that is watched from any other at its path, and tells the library of its state."""

    def __init__(
        self, folder: Folder, folders: Folders, names: Names, problems: Problems, threads: Threads
    ) -> None:
        self._folder, self._folders, self._names = folder, folders, names
        self._problems, self._threads = problems, threads
        self._root: Root | None = None  # as it was when it arrived; None while it is away
        self._refused: Root | None = None  # what lies there and is not the folder
        self._told_away = False  # whether the library knows that it is away

    @property
    def is_in(self) -> bool:
        """Whether the folder was there at the last look."""
        return self._root is not None

    def reconsider(self) -> None:
        """Look again at what was refused, even if it has not changed."""
        self._refused, self._told_away = None, False

    async def look(self) -> Presence:
        """Whether the folder is there now."""
        try:
            root = await self._threads.run(look_at, self._folder.path)
        except OSError as error:
            why = f"{shown(self._folder.path)} is not there: {error.strerror or error}."
            return await self._leave(why)
        if self._root is not None and root.marker == self._root.marker:
            return Presence.THERE
        if root == self._refused:
            return Presence.AWAY
        marker = await self._folders.marker(self._folder.id)
        if marker not in ("", root.marker) and not await self._is_successor(root, marker):
            self._refused = root
            place = shown(self._folder.path)
            return await self._leave(f"{place} is not the folder that it was: perhaps a disk is not mounted.")
        return await self._arrive(root, marker)

    async def _is_successor(self, root: Root, marker: str) -> bool:
        seen = await self._threads.run(sweep, self._folder.path, self._names)
        known = await self._folders.places(self._folder.id)
        return await self._threads.run(is_successor, root, marker, known, seen, self._names)

    async def _arrive(self, root: Root, marker: str) -> Presence:
        if root.marker != marker:
            await self._folders.mark(self._folder.id, root.marker)
        await self._folders.turn(self._folder.id, FolderState.ACTIVE)
        self._problems.settle("root")
        self._root, self._refused, self._told_away = root, None, False
        return Presence.ARRIVED

    async def _leave(self, why: str) -> Presence:
        self._root = None
        self._problems.note("root", why)
        if not self._told_away:
            await self._folders.turn(self._folder.id, FolderState.OFFLINE)
            self._told_away = True
        return Presence.AWAY
