"""How much a user may send: so many sounds, and so many bytes of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from samplemind_daemon.refusals import Exhausted
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, sounds

FRESH_SECONDS = 5.0  # that what was counted is believed; what is announced meanwhile is added to it
MOST_USERS = 1_000  # whose counts are in memory
RETRY_SECONDS = 60.0


@dataclass
class _Used:
    sounds: int
    size: int
    counted_at: float


class Quotas:
    """What each user has sent, counted every few seconds while he sends."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._settings, self._clock = store, settings, clock
        self._used: dict[str, _Used] = {}

    async def refusal(self, user: str, size: int) -> Exhausted | None:
        """Why the user may not send so many bytes more, None if he may."""
        used, settings = await self._of(user), self._settings
        if used.sounds >= settings.max_sounds:
            return _full("TOO_MANY_SOUNDS", f"At most {settings.max_sounds:,} sounds can be kept for you.")
        if used.size + size > settings.max_stored_bytes:
            most = f"{settings.max_stored_gb:,g} GB"
            return _full(
                "TOO_MUCH_STORED", f"At most {most} can be kept for you, and {used.size:,} bytes are."
            )
        return None

    def add(self, user: str, size: int) -> None:
        """The user is about to send another sound of this size."""
        if (used := self._used.get(user)) is not None:
            used.sounds += 1
            used.size += size

    async def _of(self, user: str) -> _Used:
        used = self._used.get(user)
        if used is None or self._clock() - used.counted_at > FRESH_SECONDS:
            count, size = await self._store.read(sounds.sent, user)
            used = self._used[user] = _Used(count, size, self._clock())
            while len(self._used) > MOST_USERS:
                del self._used[next(iter(self._used))]
        return used


def _full(reason: str, sentence: str) -> Exhausted:
    return Exhausted(reason, f"{sentence} Delete some first.", retry_seconds=RETRY_SECONDS)
