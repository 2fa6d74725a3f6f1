"""How much of what was answered waits to be read: a caller that does not read does not fill the memory."""

from collections import Counter
from typing import Any

import grpc

from samplemind_daemon.refusals import Exhausted

SMALL = 16 * 1024  # bytes; replies up to here are bounded by the number of calls
MOST_OF_ONE = 8 * 2**20  # bytes of replies to a user, or to a place where nobody is signed in
MOST_OF_ALL = 32 * 2**20  # bytes; past them, who has few on the way still gets more ...
FEW = 2**20  # ... up to so many

Context = grpc.aio.ServicerContext[Any, Any]


class Unread:
    """Counts the bytes of large replies that are on their way, by whom they go to."""

    def __init__(self) -> None:
        self._waiting: Counter[str] = Counter()
        self._all = 0

    def send(self, who: str, reply: bytes, context: Context) -> bytes:
        """The reply, counted until the caller has taken it; Exhausted where too much waits already."""
        size = len(reply)
        if size <= SMALL:
            return reply
        most = MOST_OF_ONE if self._all + size <= MOST_OF_ALL else FEW
        if self._waiting[who] + size > most:
            message = f"Replies of {self._waiting[who]:,} bytes wait to be read; read them first."
            raise Exhausted("TOO_MUCH_UNREAD", message, retry_seconds=1)
        self._count(who, size)
        context.add_done_callback(lambda _: self._count(who, -size))  # type: ignore[arg-type]  # any callable is one
        return reply

    def _count(self, who: str, size: int) -> None:
        self._all += size
        self._waiting[who] += size
        if not self._waiting[who]:
            del self._waiting[who]
