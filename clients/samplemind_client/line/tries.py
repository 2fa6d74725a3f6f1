"""How often something is tried again, and after how long."""

import asyncio
import random
from collections.abc import Sequence

DELAYS = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before each new try
JITTER = 0.2  # of a delay, more at most: so that many clients do not come back at once

Headers = tuple[tuple[str, str], ...]


class Tries:
    """The tries that one request still has; `headers` are those of the last one."""

    def __init__(self, delays: Sequence[float] = DELAYS) -> None:
        self._delays = tuple(delays)
        self._used = 0
        self.headers: Headers = ()
        self.renewed = False  # whether the credential was renewed for this request

    async def wait(self, seconds: float | None = None) -> bool:
        """Use up a try and wait before it, for its own delay or as told; False if none is left."""
        if self._used >= len(self._delays):
            return False
        delay = self._delays[self._used] if seconds is None else seconds
        self._used += 1
        await asyncio.sleep(delay * random.uniform(1, 1 + JITTER))
        return True

    def renew(self) -> None:
        """Give all tries back: there was progress."""
        self._used = 0
        self.renewed = False

    @property
    def used(self) -> int:
        """How many new tries there have been since the last progress."""
        return self._used
