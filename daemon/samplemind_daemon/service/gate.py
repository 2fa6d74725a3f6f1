"""The one way in: every rpc is authenticated, allowed by the table, and answered or refused here.

An rpc that the table does not name is denied, so that none can be forgotten.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import grpc
import structlog

from samplemind_daemon.access import Access
from samplemind_daemon.model import Caller, Role
from samplemind_daemon.refusals import Denied, Refusal
from samplemind_daemon.service import refused
from samplemind_daemon.service.callers import CALLER
from samplemind_daemon.service.replay import Replay
from samplemind_daemon.service.rules import OPEN, OWNERS, SCOPES

log = structlog.get_logger(__name__)
Handler = Callable[[Any, Any], Any]
Context = grpc.aio.ServicerContext[Any, Any]

# Makers of handlers whose answer is one message, and of those whose answer is a stream; by whether
# the request is a stream.
SINGLE: dict[bool, Callable[..., Any]] = {
    False: grpc.unary_unary_rpc_method_handler,
    True: grpc.stream_unary_rpc_method_handler,
}
STREAMED: dict[bool, Callable[..., Any]] = {
    False: grpc.unary_stream_rpc_method_handler,
    True: grpc.stream_stream_rpc_method_handler,
}


class Gate(grpc.aio.ServerInterceptor):
    """Lets a call through to its handler, knowing who makes it; turns refusals into statuses."""

    def __init__(self, access: Access, replay: Replay) -> None:
        self._access, self._replay = access, replay

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        details: grpc.HandlerCallDetails,
    ) -> Any:
        handler = await continuation(details)
        if handler is None:
            return None
        read = refused.reading(handler.request_deserializer)
        if handler.response_streaming:
            streamed = self._streaming(details.method, handler.unary_stream or handler.stream_stream)
            kind = STREAMED[bool(handler.request_streaming)]
            return kind(streamed, read, handler.response_serializer)
        single = self._single(details.method, handler.unary_unary or handler.stream_unary)
        kind = SINGLE[bool(handler.request_streaming)]
        return kind(single, read, handler.response_serializer)

    def _single(self, method: str, handle: Handler) -> Handler:
        async def answer(request: Any, context: Context) -> Any:
            try:
                caller = await self._admit(method, context)
                refused.check(request)
                return await self._replay.once(caller, method, request, lambda: handle(request, context))
            except Refusal as refusal:
                await refused.abort(context, refusal)
            except Exception as bug:
                await _own_up(method, context, bug)

        return answer

    def _streaming(self, method: str, handle: Handler) -> Handler:
        async def answer(request: Any, context: Context) -> AsyncIterator[Any]:
            try:
                await self._admit(method, context)
                refused.check(request)
                await context.send_initial_metadata(())  # at once, or a browser's fetch hangs
                async for message in handle(request, context):
                    yield message
            except Refusal as refusal:
                await refused.abort(context, refusal)
            except Exception as bug:
                await _own_up(method, context, bug)

        return answer

    async def _admit(self, method: str, context: Context) -> Caller | None:
        """Who calls, if they may; CALLER is set for the handler."""
        structlog.contextvars.bind_contextvars(rpc=method, call=str(uuid4())[:8])
        CALLER.set(None)
        if method in OPEN:
            return None
        given = {name: str(value) for name, value in context.invocation_metadata() or ()}
        caller = await self._access.authenticate(given.get("authorization"), given.get("x-api-key"))
        allow(method, caller)
        CALLER.set(caller)
        return caller


def allow(method: str, caller: Caller) -> None:
    """Return if the caller may use the method, or raise Denied."""
    scope = SCOPES.get(method)
    if scope is None:
        raise Denied("NOT_ALLOWED", f"{method} is not open to anyone.")
    if not caller.scope.holds(scope):
        raise Denied(
            "SCOPE_TOO_SMALL", f"This call needs the scope {scope}; the credential has {caller.scope}."
        )
    if method in OWNERS and caller.user.role is not Role.OWNER:
        raise Denied("OWNERS_ONLY", "This call is for the owner of the daemon.")


async def _own_up(method: str, context: Context, bug: Exception) -> None:
    """A bug of ours: the log has the details, the caller a reason and nothing of our insides."""
    if isinstance(bug, grpc.aio.AbortError):
        raise bug
    log.error("rpc failed", rpc=method, exc_info=bug)
    await refused.abort_internal(context)
