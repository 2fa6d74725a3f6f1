"""The same mutating request again gets the same answer and does nothing twice."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import Message

from samplemind_daemon.failpoint import reach
from samplemind_daemon.model import Caller
from samplemind_daemon.refusals import Exhausted, Untimely
from samplemind_daemon.service.callers import request_uuid
from samplemind_daemon.store import Store, answers

SECRET = frozenset({"CreateApiKey", "ChangePassword"})  # whose answers hold what may not be kept
MOST_RUNNING = 10_000

Key = tuple[str, str]  # a user and a request


class Replay:
    """Remembers answers by caller and request id."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running: dict[Key, tuple[asyncio.Lock, int]] = {}  # and how many want the lock
        self._answering: set[asyncio.Task[Message]] = set()

    async def once(
        self, caller: Caller | None, method: str, request: Any, handle: Callable[[], Awaitable[Message]]
    ) -> Message:
        """The answer of `handle`, or the one given when the caller first sent this request.

        Raises Untimely where the id was used for another method, or where its answer was a secret.
        """
        given = getattr(request, "request_id", "")
        if not given or caller is None or method.rsplit("/", 1)[1] in SECRET:
            return await handle()
        key = caller.user.id, str(request_uuid(given))
        if len(self._running) >= MOST_RUNNING:
            raise Exhausted("TOO_MANY_CALLS", "Too many calls are running.", retry_seconds=1)
        # A caller that goes away must not leave it open what came of the request: its retry will ask.
        answering = asyncio.create_task(self._in_turn(key, method, handle))
        self._answering.add(answering)
        answering.add_done_callback(self._answering.discard)
        return await asyncio.shield(answering)

    async def _in_turn(self, key: Key, method: str, handle: Callable[[], Awaitable[Message]]) -> Message:
        lock, wanted = self._running.get(key, (asyncio.Lock(), 0))
        self._running[key] = lock, wanted + 1
        try:
            async with lock:
                return await self._answer(*key, method, handle)
        finally:
            lock, wanted = self._running.pop(key)
            if wanted > 1:
                self._running[key] = lock, wanted - 1

    async def _answer(
        self, user: str, id: str, method: str, handle: Callable[[], Awaitable[Message]]
    ) -> Message:
        known = await self._store.read(answers.find, user, id)
        if known is None:
            answer = await handle()
            kind = answer.DESCRIPTOR.full_name
            await self._store.write(answers.keep, user, id, f"{method} {kind}", answer.SerializeToString())
            reach("answer.kept")
            return answer
        first, kind = known[0].split(" ")
        if first != method:
            raise Untimely("REQUEST_ID_REUSED", f"The request_id {id} was used for another call.")
        return _message(kind, known[1])


def _message(kind: str, body: bytes) -> Message:
    described = descriptor_pool.Default().FindMessageTypeByName(kind)
    message: Message = message_factory.GetMessageClass(described)()
    message.ParseFromString(body)
    return message
