"""When credentials were last used: written down beside the calls, to the minute."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from samplemind_daemon.store import Database, Store
from samplemind_daemon.store.moments import USE_NOTED

log = structlog.get_logger(__name__)


class Uses:
    """Writes down when credentials of one kind were used: a full disk must not keep anyone from reading."""

    def __init__(self, store: Store, note: Callable[[Database, str, datetime], None]) -> None:
        self._store, self._note = store, note
        self._notes: dict[str, asyncio.Task[None]] = {}  # that are being written, by the credential's id

    def note(self, id: str, last: datetime | None, moment: datetime) -> None:
        """Have a use written down, unless the last one that was is less than a minute ago."""
        if id in self._notes or (last is not None and moment - last < USE_NOTED):
            return
        self._notes[id] = note = asyncio.ensure_future(self._store.write(self._note, id, moment))
        note.add_done_callback(lambda done: self._noted(id, done))

    async def settle(self) -> None:
        """Wait until the uses so far are written down."""
        await asyncio.gather(*self._notes.values(), return_exceptions=True)

    def _noted(self, id: str, done: "asyncio.Task[None]") -> None:
        del self._notes[id]
        if not done.cancelled() and (problem := done.exception()) is not None:
            log.warning("the use of a credential could not be written down", id=id, exc_info=problem)
