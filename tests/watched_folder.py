"""A watch folder beside an engine room, without its watcher."""

import hashlib
import os
from uuid import uuid4

from engine_room import QUIET, wave

from samplemind_daemon.model import Place
from samplemind_daemon.store import folders, sounds


class WatchFolder:
    """A folder whose files are known to the store, as the watcher would make them known."""

    def __init__(self, room, path, user):
        self.room, self.path, self.user, self.id = room, path, user, str(uuid4())

    async def open(self):
        self.path.mkdir()
        await self.room.store.write(
            folders.add, self.user, self.id, os.fsencode(self.path), True, (), ()
        )  # fmt: skip
        return self

    def place(self, name, audio=""):
        found = os.stat(os.path.join(os.fsencode(self.path), name))
        return Place(audio, name, found.st_size, found.st_mtime_ns, found.st_dev, found.st_ino, None)

    def digest(self, name):
        with open(os.path.join(os.fsencode(self.path), name), "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()

    async def take_in(self, name, level=QUIET, seconds=0.3):
        """A new file that is known from now on."""
        wave(self.path / os.fsdecode(name), level, seconds)
        shown, place = name.decode("utf-8", "replace"), self.place(name)
        return await self.room.store.write(
            sounds.add, self.user, str(uuid4()), shown, place.size, self.digest(name), self.id, place
        )

    async def settle(self, audio, name):
        """Know the file as it is now."""
        place = self.place(name, audio.id)
        return await self.room.store.write(
            folders.settle, audio, self.id, place, audio.name, self.digest(name)
        )  # fmt: skip

    async def was_put_back(self):
        """Whether the last job waits again after it was begun."""
        return (await self.room.events(self.user))[-2:] == ["audio.processing", "audio.queued"]
