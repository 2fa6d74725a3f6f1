"""The other daemons on the same database: what all must have alike, and what any of them may change."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import structlog

from samplemind_daemon.model import Instance
from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.store import Store, folders, instances
from samplemind_daemon.store.moments import now

log = structlog.get_logger(__name__)

LOOK_SECONDS = 3.0  # between two looks at what others may have changed


class Neighbours:
    """Says that this daemon is there, from `arrive` until `leave`, and looks after what others change meanwhile."""

    def __init__(self, store: Store, mine: Instance) -> None:
        self._store, self.mine = store, mine
        self._looks: Sequence[Callable[[], Awaitable[object]]] = ()
        self._looking: asyncio.Task[None] | None = None
        self.is_new = False  # this home on this database

    async def arrive(self) -> None:
        """Be one of them. Raises CannotServe where others are there, and this one would not go with them."""
        others, self.is_new = await self._store.write(instances.arrive, self.mine, now())
        try:
            refuse_unlike(self.mine, others)
        except CannotServe:
            await self._store.write(instances.leave, self.mine.id)
            raise
        await self._store.write(folders.adopt)
        if others:
            log.info("there are other daemons on this database", hosts=[one.host for one in others])

    def look(self, *looks: Callable[[], Awaitable[object]]) -> None:
        """Do these every few seconds from now on."""
        self._looks = looks
        self._looking = asyncio.create_task(self._stay())

    async def leave(self) -> None:
        """Be there no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        with suppress(Exception):  # it is known after a while anyway
            await self._store.write(instances.leave, self.mine.id)

    async def _stay(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._store.write(instances.stay, self.mine.id, now())
                for look in self._looks:
                    await look()
            except Exception as trouble:
                log.warning("what other daemons have changed is not known now", exc_info=trouble)


def refuse_unlike(mine: Instance, others: Sequence[Instance]) -> None:
    """Raise CannotServe where a daemon would not go with those that are there."""
    for other in others:
        for name, why in _UNLIKE:
            if getattr(mine, name) != getattr(other, name):
                raise CannotServe(f"another daemon, on {other.host}, is on this database, and {why}")
        for name, why in _NEEDED:
            if getattr(mine, name) in ("", "local"):
                raise CannotServe(f"another daemon, on {other.host}, is on this database: {why}")


_UNLIKE = (
    ("signing", "signs with another key: give both the same file as signing_key"),
    ("engine", "has another engine: give both the same --engine nats://…"),
    ("blobs", "keeps bytes elsewhere: give both the same --blobs s3://…"),
)
_NEEDED = (
    ("engine", "more than one take --engine nats://…"),
    ("blobs", "more than one take --blobs s3://…"),
)
