"""A call that is passed on to the daemon's own server, in raw bytes, whichever service it is of."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from starlette.requests import HTTPConnection

from samplemind_daemon.access.places import LONGEST_AGENT
from samplemind_daemon.service.callers import FORWARDED, FORWARDED_AGENT
from samplemind_daemon.web.cookies import Cookies, plain
from samplemind_daemon.web.lines import Lines

PATH = re.compile(r"/(samplemind\.v1\.[A-Za-z]+|grpc\.health\.v1\.Health)/[A-Za-z]+")
_TIMEOUT = re.compile(r"([0-9]{1,8})([HMSmun])")
_UNITS = {"H": 3_600.0, "M": 60.0, "S": 1.0, "m": 1e-3, "u": 1e-6, "n": 1e-9}

Messages = AsyncIterator[bytes]
Call = grpc.aio.StreamStreamCall[bytes, bytes]


@dataclass(frozen=True)
class Status:
    """How a call ended."""

    code: grpc.StatusCode
    details: str | None
    trailing_metadata: Any

    @property
    def is_ok(self) -> bool:
        return self.code is grpc.StatusCode.OK

    @property
    def is_unknown_caller(self) -> bool:
        """Whether nobody knows who called."""
        return self.code is grpc.StatusCode.UNAUTHENTICATED


@asynccontextmanager
async def forwarded(lines: Lines, path: str, request: HTTPConnection) -> AsyncIterator[Call]:
    """A call of that path, made with what came with a browser's request; it ends with the block."""
    metadata = Cookies(request).credential()
    if request.client is not None:
        metadata.append((FORWARDED, request.client.host))
    metadata.append((FORWARDED_AGENT, plain(request.headers.get("user-agent", ""))[:LONGEST_AGENT]))
    with lines.one() as line:
        # Of four kinds of calls one will do: on the wire they are the same.
        call: Call = line.stream_stream(path)(metadata=metadata, timeout=_seconds(request))
        try:
            yield call
        finally:
            call.cancel()


async def pass_on(messages: Messages, call: Call) -> None:
    """Send messages to the call; where it has ended already, they are read and dropped.

    Not by call.write(): where the server ends the call at that very moment, it would put INTERNAL in the place of
    what the server says.
    """
    is_open = await _done(call.wait_for_connection())
    async for message in messages:
        is_open = is_open and await _done(call._cython_call.send_serialized_message(message))  # type: ignore[attr-defined]
    if is_open:
        await _done(call.done_writing())


async def received(call: Call) -> Messages:
    """The messages of the answer; the status tells how it ended."""
    try:
        while isinstance(message := await call.read(), bytes):  # and not the mark of the end
            yield message
    except grpc.aio.AioRpcError:
        return


async def status(call: Call) -> Status:
    """How a call ended, once it has."""
    return Status(await call.code(), await call.details(), await call.trailing_metadata())


async def _done(deed: Awaitable[object]) -> bool:
    """Whether it could be done: the call had not ended."""
    try:
        await deed
    except (grpc.aio.AioRpcError, asyncio.InvalidStateError, grpc.aio.InternalError):
        return False
    return True


def _seconds(request: HTTPConnection) -> float | None:
    """How long the caller waits."""
    found = _TIMEOUT.fullmatch(request.headers.get("grpc-timeout", ""))
    return int(found[1]) * _UNITS[found[2]] if found else None
