"""Two files decode to the same samples: heard by workers, who are caged, and compared by SHA-256 of every sample."""

import os

from samplemind_daemon.model import Lane, Media
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.failures import TaskFailed
from samplemind_daemon.work.protocol import Task

ANALYZER, OUTPUT = "identity", "identity.audio"


class NotProved(Exception):
    """It was not shown that the sound is the same; the message says why."""


class Proof:
    """Compares what files sound like."""

    def __init__(self, crew: Crew, longest_seconds: float) -> None:
        self._crew, self._longest = crew, longest_seconds

    async def compare(self, old: bytes, new: bytes) -> Media:
        """What the new file says of itself, if its samples are those of the old one; NotProved otherwise."""
        before, _ = await self._hear(old)
        after, media = await self._hear(new)
        if before != after:
            raise NotProved("with its new tags it would not sound the same")
        return media

    async def media(self, path: bytes) -> Media | None:
        """What a file says of itself; None where it cannot be heard now."""
        try:
            return (await self._hear(path))[1]
        except NotProved:
            return None

    async def _hear(self, path: bytes) -> tuple[str, Media]:
        settings = {ANALYZER: {"every_sample": True}}
        task = Task(os.fsdecode(path), (ANALYZER,), settings, longest_seconds=self._longest)
        try:
            heard = await self._crew.run(task, Lane.BATCH)
        except TaskFailed as failed:
            raise NotProved(failed.message) from None
        found = [one.value for one in heard.found.get(ANALYZER, ()) if one.name == OUTPUT]
        if heard.media is None or not found or not isinstance(found[0], str):
            raise NotProved("nothing was heard in it")
        return found[0], heard.media
