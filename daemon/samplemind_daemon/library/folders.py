"""Watch folders: added, changed, paused and removed by their users; and what the watcher finds in them."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from uuid import uuid4

from samplemind_daemon.library import intake, watchable
from samplemind_daemon.library.intake import Find
from samplemind_daemon.library.writing import check_automatic
from samplemind_daemon.model import Folder, FolderState, Place, WritePlan
from samplemind_daemon.model.write import NOTHING
from samplemind_daemon.refusals import Exhausted, NotFound, Untimely
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Database, Store, events, folders, jobs

MOST_FOLDERS = 100  # a user


class Folders:
    """The watch folders of all users; `on_work` is called when there are new jobs.

    `on_change` is called when a folder is to be watched otherwise than before.
    """

    def __init__(self, store: Store, settings: Settings, on_work: Callable[[], None]) -> None:
        self._store, self._settings, self._on_work = store, settings, on_work
        self.on_change: Callable[[], None] = lambda: None
        self._wanted: list[Folder] = []  # at the last look

    async def create(
        self,
        user: str,
        id: str,
        path: str,
        recursive: bool,
        include: Sequence[str],
        ignore: Sequence[str],
        write: WritePlan = NOTHING,
    ) -> Folder:
        """Watch a folder of this machine; one that the user watches already is answered as it is.

        Raises Invalid where it cannot be watched, Exists where another of the user's folders takes the
        same files, Exhausted past the user's folders.
        """
        watchable.check_patterns(include=include, ignore=ignore)
        check_automatic(write)
        real = await asyncio.to_thread(watchable.check_path, path, self._settings.home, self._settings.inbox)
        added = await self._store.write(_add, user, id, real, recursive, include, ignore, write)
        self.on_change()
        return added

    async def get(self, user: str, id: str) -> Folder:
        """The user's folder; NotFound if there is no such one."""
        return _found(await self._store.read(folders.find, user, id), id)

    async def page(self, user: str, after: str, limit: int) -> list[Folder]:
        """Up to `limit` folders of the user, by id."""
        return await self._store.read(folders.page, user, after, limit)

    async def update(
        self,
        user: str,
        id: str,
        recursive: bool,
        include: Sequence[str],
        ignore: Sequence[str],
        write: WritePlan = NOTHING,
    ) -> Folder:
        """Change what is taken from a folder, and written into its files. What is known from it stays known."""
        watchable.check_patterns(include=include, ignore=ignore)
        check_automatic(write)
        changed = await self._store.write(_change, user, id, recursive, include, ignore, write)
        self.on_change()
        return changed

    async def delete(self, user: str, id: str) -> None:
        """Watch a folder no more. Its sounds stay known, and its files are not touched."""
        await self._store.write(_remove, user, id)
        self.on_change()

    async def pause(self, user: str, id: str) -> Folder:
        """Do not look at a folder until it is resumed."""
        return await self._put(user, id, FolderState.PAUSED)

    async def resume(self, user: str, id: str) -> Folder:
        """Look at a folder again, and take it as it is, even if it is not the one that it was."""
        return await self._put(user, id, FolderState.ACTIVE)

    async def see_to_inbox(self, owner: str, is_first: bool = False) -> None:
        """Make the inbox, and watch it for the owner at the very first start; if removed, it stays so.

        `is_first` where it is known to be the first, though things have happened at other daemons.
        """
        inbox = self._settings.inbox
        await asyncio.to_thread(inbox.mkdir, mode=0o700, parents=True, exist_ok=True)
        real = os.fsencode(await asyncio.to_thread(os.path.realpath, inbox))
        await self._store.write(_watch_inbox, owner, real, is_first)

    async def here(self, user: str, id: str) -> Folder:
        """The user's folder, if this daemon watches it; Untimely FOLDER_ELSEWHERE if another does."""
        folder = await self.get(user, id)
        if not await self._store.read(folders.is_here, folder):
            raise Untimely("FOLDER_ELSEWHERE", "Another daemon watches this folder: ask that one.")
        return folder

    async def look(self) -> None:
        """Have folders watched as other daemons, or their users, now want it."""
        wanted = await self.everyone()
        if wanted != self._wanted:
            self._wanted = wanted
            self.on_change()

    # What the watcher asks and tells:

    async def everyone(self) -> list[Folder]:
        """The folders of all users."""
        return await self._store.read(folders.everyone)

    async def places(self, folder: str) -> dict[bytes, Place]:
        """The files of a folder as they were last seen, by path."""
        return await self._store.read(folders.places, folder)

    async def places_at(self, folder: str, paths: Sequence[bytes]) -> dict[bytes, Place]:
        """Those of the folder's files that have one of these paths."""
        return await self._store.read(folders.places_at, folder, paths)

    async def count(self, folder: str) -> tuple[int, int]:
        """How many files of a folder are there, and how many are missing."""
        return await self._store.read(folders.count, folder)

    async def marker(self, folder: str) -> str:
        """What tells the folder from another one at its path; empty if not known, or not to be asked."""
        return await self._store.read(folders.marker, folder)

    async def mark(self, folder: str, marker: str) -> None:
        """Remember what tells the folder from another one at its path."""
        await self._store.write(folders.mark, folder, marker)

    async def turn(self, folder: str, state: FolderState) -> None:
        """Note whether a folder is there; of one that is paused or removed, nothing."""
        await self._store.write(folders.turn, folder, state)

    async def room(self, user: str) -> int:
        """How many more jobs of the user may be open."""
        return self._settings.max_open_jobs - await self._store.read(jobs.count_open, user)

    async def take(self, folder: Folder, finds: Sequence[Find]) -> list[Find]:
        """Make up to a few hundred finds known, in one transaction; those that must wait are answered."""
        if not finds:
            return []
        fresh = {find.sha256 for find in finds if find.sha256}
        twins = await self._store.read(folders.twins, folder.user, fresh) if fresh else []
        homeless = await asyncio.to_thread(_homeless, twins)
        waiting = await self._store.write(intake.take, folder, finds, homeless, self._settings.max_open_jobs)
        self._on_work()
        return waiting

    async def lose(self, folder: Folder, audios: Collection[str]) -> None:
        """Mark sounds as missing from their folder: nothing is deleted."""
        if audios:
            await self._store.write(intake.lose, folder, audios)

    async def _put(self, user: str, id: str, state: FolderState) -> Folder:
        folder = await self._store.write(_put, user, id, state)
        self.on_change()
        return folder


def _add(
    db: Database,
    user: str,
    id: str,
    path: bytes,
    recursive: bool,
    include: Sequence[str],
    ignore: Sequence[str],
    write: WritePlan,
) -> Folder:
    others = folders.page(db, user, "", MOST_FOLDERS + 1)
    watchable.check_overlap(path, recursive, [one for one in others if one.instance == db.instance])
    known = {other.path for other in others if other.instance == db.instance}
    if len(others) >= MOST_FOLDERS and path not in known:
        raise Exhausted("TOO_MANY_FOLDERS", f"At most {MOST_FOLDERS} folders can be watched.")
    return folders.add(db, user, id, path, recursive, include, ignore, write)


def _change(
    db: Database,
    user: str,
    id: str,
    recursive: bool,
    include: Sequence[str],
    ignore: Sequence[str],
    write: WritePlan,
) -> Folder:
    folder = _found(folders.find(db, user, id), id)
    others = folders.page(db, user, "", MOST_FOLDERS)
    watchable.check_overlap(
        folder.path, recursive, [one for one in others if one.instance == folder.instance]
    )
    return folders.update(db, id, recursive, include, ignore, write)


def _remove(db: Database, user: str, id: str) -> None:
    _found(folders.find(db, user, id), id)
    folders.remove(db, id)


def _put(db: Database, user: str, id: str, state: FolderState) -> Folder:
    folder = _found(folders.find(db, user, id), id)
    if state is FolderState.ACTIVE and folder.state is FolderState.OFFLINE:
        folders.mark(db, id, "")
    return folders.put(db, id, state)


def _watch_inbox(db: Database, owner: str, path: bytes, is_first: bool) -> None:
    _, last = events.bounds(db, owner)
    if is_first or last == 0:  # nothing has ever happened here: it is the first start
        folders.add(db, owner, str(uuid4()), path, True, (), ())


def _homeless(twins: Sequence[folders.Twin]) -> dict[str, list[str]]:
    """The sounds among the twins whose file is gone, by content."""
    gone = defaultdict(list)
    for twin in twins:
        if twin.file is None or not os.path.lexists(twin.file):
            gone[twin.sha256].append(twin.audio)
    return gone


def _found(folder: Folder | None, id: str) -> Folder:
    if folder is None:
        raise NotFound("FOLDER_NOT_FOUND", f"There is no watch folder {id[:60]!r}.")
    return folder
