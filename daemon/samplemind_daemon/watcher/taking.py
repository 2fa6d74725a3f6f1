"""From files that have settled to sounds that are known."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import islice
from threading import Event
from time import monotonic

from samplemind_daemon.library.folders import Folders
from samplemind_daemon.library.intake import Find
from samplemind_daemon.model import Folder, Place
from samplemind_daemon.store.threads import Threads
from samplemind_daemon.watcher.beneath import look
from samplemind_daemon.watcher.digest import Digests, digest
from samplemind_daemon.watcher.problems import Problems, shown
from samplemind_daemon.watcher.settling import Settling
from samplemind_daemon.watcher.stamp import Stamp

BATCH = 200  # files in a transaction
BATCH_BYTES = 256 << 20  # read for one
FULL_SECONDS = 5.0  # before the next try where the user has too many open jobs


class Taking:
    """Gives the library what has settled in a folder, a batch at a time."""

    def __init__(
        self, folder: Folder, folders: Folders, settling: Settling, problems: Problems, threads: Threads
    ) -> None:
        self._folder, self._folders, self._settling = folder, folders, settling
        self._problems, self._threads = problems, threads
        self._stopped = Event()

    def stop(self) -> None:
        """Read on in no file."""
        self._stopped.set()

    async def take_settled(self) -> None:
        """Take one batch of files that have waited long enough, and still are as they were seen."""
        due = _within(self._settling.due(monotonic(), BATCH))
        if not due:
            return
        seen = await self._threads.run(look, self._folder.path, [path for path, _ in due])
        settled = {path: stamp for path, stamp in due if seen[path] == stamp}
        for path in seen.keys() - settled.keys():
            self._settling.see(path, seen[path], monotonic())
        known = await self._folders.places_at(self._folder.id, list(settled))
        await self._take_there({path: stamp for path, stamp in settled.items() if stamp is not None}, known)
        await self._lose([path for path, stamp in settled.items() if stamp is None], known)

    async def take_told(self, finds: Sequence[Find]) -> None:
        """Take what stat alone has told."""
        for start in range(0, len(finds), BATCH):
            await self._folders.take(self._folder, finds[start : start + BATCH])

    async def _take_there(self, files: Mapping[bytes, Stamp], known: Mapping[bytes, Place]) -> None:
        finds, fresh = [], {}
        for path, stamp in files.items():
            place = known.get(path)
            if place is None or not stamp.is_at(place):
                fresh[path] = stamp
                continue
            self._settling.drop(path)
            if place.missing_at is not None:
                finds.append(Find(stamp.place(path, place.audio)))
        if fresh and not await self._has_room(fresh):
            fresh = {}
        read = await self._read(fresh)
        finds += [Find(fresh[path].place(path), sha256) for path, sha256 in read.sha256s.items()]
        self._heed(read)
        waiting = {find.place.path for find in await self._folders.take(self._folder, finds)}
        for path in read.sha256s.keys() - waiting:
            self._settling.drop(path)

    async def _lose(self, paths: Sequence[bytes], known: Mapping[bytes, Place]) -> None:
        for path in paths:
            self._settling.drop(path)
        gone = [known[path].audio for path in paths if path in known and known[path].missing_at is None]
        await self._folders.lose(self._folder, gone)

    async def _has_room(self, fresh: Mapping[bytes, Stamp]) -> bool:
        """Whether the user may have more jobs; if not, these files wait a while."""
        if await self._folders.room(self._folder.user) > 0:
            self._problems.settle("room")
            return True
        self._problems.note("room", "Files wait to be taken in: as many sounds as may wait are waiting.")
        for path in fresh:
            self._settling.postpone(path, monotonic() + FULL_SECONDS)
        return False

    async def _read(self, fresh: Mapping[bytes, Stamp]) -> Digests:
        """The digests of files, read by two threads."""
        if not fresh:
            return Digests()
        halves = [dict(islice(fresh.items(), start, None, 2)) for start in (0, 1)]
        jobs = [
            self._threads.run(digest, self._folder.path, half, self._stopped.is_set)
            for half in halves
            if half
        ]
        read = Digests()
        for part in await asyncio.gather(*jobs):
            read.add(part)
        return read

    def _heed(self, read: Digests) -> None:
        for path in read.sha256s:
            self._problems.settle(("unreadable", path))
        for path, why in read.unreadable.items():  # the next sweep brings it again
            self._settling.drop(path)
            self._problems.note(("unreadable", path), f"{shown(path)} cannot be read: {why}.")
        for path in read.changed:
            self._settling.restart(path, monotonic())


def _within(due: Sequence[tuple[bytes, Stamp | None]]) -> list[tuple[bytes, Stamp | None]]:
    """As many of the files as make a batch by their size; one at least."""
    batch: list[tuple[bytes, Stamp | None]] = []
    size = 0
    for path, stamp in due:
        size += stamp.size if stamp else 0
        if batch and size > BATCH_BYTES:
            break
        batch.append((path, stamp))
    return batch
