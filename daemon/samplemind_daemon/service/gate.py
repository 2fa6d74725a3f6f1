"""The one way in: every rpc is authenticated, allowed by the table, and answered or refused here.

An rpc that the table does not name is denied, so that none can be forgotten.
"""

import inspect
import math
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from typing import Any

import grpc
import structlog

from samplemind_daemon.access import Access
from samplemind_daemon.access.purses import Standing
from samplemind_daemon.model import Caller, Role
from samplemind_daemon.origin import HEADER, ORIGIN, begun
from samplemind_daemon.refusals import Denied, Refusal, Unauthenticated
from samplemind_daemon.service import crowd, refused
from samplemind_daemon.service.callers import CALLER, PLACE, place_of_call
from samplemind_daemon.service.crowd import Crowd
from samplemind_daemon.service.prices import WRONG_CREDENTIAL, price
from samplemind_daemon.service.replay import Replay
from samplemind_daemon.service.rules import FLAGS, OPEN, OWNERS, SCOPES
from samplemind_daemon.service.stopwatch import timed
from samplemind_daemon.service.turns import Turns
from samplemind_daemon.service.unread import Unread
from samplemind_daemon.service.welcome import while_welcome
from samplemind_daemon.tally import NOBODY, Tally

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

    def __init__(self, access: Access, replay: Replay, tally: Tally = NOBODY) -> None:
        self._access, self._replay, self._unread = access, replay, Unread()
        self._tally = tally
        self._turns = Turns()
        self._calls = Crowd(crowd.MOST_CALLS, "calls", crowd.MOST_CALLS_OF_ALL)
        self._uploads = Crowd(crowd.MOST_UPLOADS, "uploads", crowd.MOST_UPLOADS_OF_ALL)
        self._streams = Crowd(crowd.MOST_STREAMS, "streams", crowd.MOST_STREAMS_OF_ALL)

    @property
    def running(self) -> dict[str, int]:
        """How many calls of each kind run."""
        return {"calls": len(self._calls), "uploads": len(self._uploads), "streams": len(self._streams)}

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        details: grpc.HandlerCallDetails,
    ) -> Any:
        handler = await continuation(details)
        if handler is None:
            return None
        streams = handler.request_streaming or handler.response_streaming
        if self._calls.is_full and details.method in SCOPES and not streams:
            refuse = timed(details.method, self._refuse, self._tally)
            return grpc.stream_stream_rpc_method_handler(refuse)  # without a look at what was sent
        read, streamed = refused.reading(handler.request_deserializer), bool(handler.request_streaming)
        if handler.response_streaming:
            streaming = self._streaming(details.method, handler.unary_stream or handler.stream_stream)
            streaming = timed(details.method, streaming, self._tally)
            return STREAMED[streamed](streaming, read, handler.response_serializer)
        single = timed(details.method, self._single(details.method, handler, streamed), self._tally)
        return SINGLE[streamed](single, read, None)

    def _single(self, method: str, handler: Any, streamed: bool) -> Handler:
        handle, serialize = handler.unary_unary or handler.stream_unary, handler.response_serializer
        running = self._uploads if streamed else self._calls

        async def answer(request: Any, context: Context) -> Any:
            try:
                caller = await self._admit(method, context)
                if standing := self._charge(method, caller):
                    # With the answer: what is sent before it takes as long as a small answer does.
                    context.set_trailing_metadata(_told(standing))
                request = refused.readable(request)
                with running.one(_who(caller)):
                    async with self._welcome(method, context) if streamed else self._turns.of(method):
                        reply = await self._replay.once(
                            caller, method, request, lambda: handle(request, context)
                        )
                    return self._unread.send(_who(caller), serialize(reply), context)
            except Refusal as refusal:
                await refused.abort(context, refusal)
            except Exception as bug:
                await _own_up(method, context, bug)

        return answer

    def _streaming(self, method: str, handle: Handler) -> Handler:
        async def answer(request: Any, context: Context) -> None:
            try:
                caller = await self._admit(method, context)
                standing = self._charge(method, caller)
                request = refused.readable(request)
                with self._streams.one(_who(caller)):
                    # At once, or a browser's fetch hangs.
                    await context.send_initial_metadata(_told(standing) if standing else ())
                    async with self._welcome(method, context):
                        await _write(handle(request, context), context)
            except Refusal as refusal:
                await refused.abort(context, refusal)
            except Exception as bug:
                await _own_up(method, context, bug)

        return answer

    async def _refuse(self, request: Any, context: Context) -> None:
        await refused.abort(context, self._calls.refusal())

    def _welcome(self, method: str, context: Context) -> AbstractAsyncContextManager[None]:
        """For as long as the caller is let in."""
        return nullcontext() if method in OPEN else while_welcome(lambda: self._known(method, context))

    async def _admit(self, method: str, context: Context) -> Caller | None:
        """Who calls, if they may; CALLER is set for the handler."""
        origin = begun(_given(HEADER, context))
        ORIGIN.set(origin)
        structlog.contextvars.bind_contextvars(rpc=method, trace=origin.trace, call=origin.call)
        PLACE.set(place_of_call(context, self._access.proxies))
        try:
            caller = None if method in OPEN else await self._known(method, context)
        except Unauthenticated:
            self._access.calls.charge(None, PLACE.get(), WRONG_CREDENTIAL)
            raise
        CALLER.set(caller)
        return caller

    def _charge(self, method: str, caller: Caller | None) -> Standing | None:
        """Count the call if it costs anything; Exhausted where the caller's limit is reached."""
        cost = price(method)
        return self._access.calls.charge(caller, PLACE.get(), cost) if cost else None

    async def _known(self, method: str, context: Context) -> Caller:
        given: dict[str, str] = {}
        for name, value in context.invocation_metadata() or ():
            given[name] = f"{given[name]}, {value!s}" if name in given else str(value)  # two are none
        caller = await self._access.authenticate(given.get("authorization"), given.get("x-api-key"))
        allow(method, caller)
        if method in FLAGS:
            self._access.flags.check(FLAGS[method], caller)
        return caller


def _who(caller: Caller | None) -> str:
    """Whom the bounds of a call are counted for."""
    return caller.user.id if caller else PLACE.get()


def _given(name: str, context: Context) -> str:
    """What the caller says under a name, of which it has but one."""
    return next((str(value) for key, value in context.invocation_metadata() or () if key == name), "")


def _told(standing: Standing) -> tuple[tuple[str, str], ...]:
    """How the caller's limit stands, as metadata: calls, calls left, and seconds until some come back."""
    return (
        ("ratelimit-limit", str(standing.limit.amount)),
        ("ratelimit-remaining", str(standing.remaining)),
        ("ratelimit-reset", str(math.ceil(standing.reset_seconds))),
    )


async def _write(answered: Any, context: Context) -> None:
    """Send the messages of a handler; those of Health send theirs themselves."""
    if inspect.iscoroutine(answered):
        await answered
        return
    async with aclosing(answered) as messages:
        async for message in messages:
            await context.write(message)


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
    if isinstance(bug, grpc.aio.InternalError):
        return  # nothing can be sent any more: the caller has gone, in the middle of a message
    log.error("rpc failed", rpc=method, exc_info=bug)
    await refused.abort_internal(context)
