"""How a refusal looks on the wire: the right status, a stable reason, the fields, when to retry."""

from collections.abc import AsyncIterator, Callable
from functools import lru_cache
from typing import Any, NoReturn

import grpc
from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2 as details
from google.rpc import status_pb2
from grpc_status import rpc_status

from samplemind_daemon import refusals

DOMAIN = "samplemind"
KEPT = 64  # statuses: in a flood it is one of a few again and again
Context = grpc.aio.ServicerContext[Any, Any]
CODES: dict[type[refusals.Refusal], grpc.StatusCode] = {
    refusals.Invalid: grpc.StatusCode.INVALID_ARGUMENT,
    refusals.Unauthenticated: grpc.StatusCode.UNAUTHENTICATED,
    refusals.Denied: grpc.StatusCode.PERMISSION_DENIED,
    refusals.NotFound: grpc.StatusCode.NOT_FOUND,
    refusals.Exists: grpc.StatusCode.ALREADY_EXISTS,
    refusals.Untimely: grpc.StatusCode.FAILED_PRECONDITION,
    refusals.Exhausted: grpc.StatusCode.RESOURCE_EXHAUSTED,
    refusals.Compacted: grpc.StatusCode.OUT_OF_RANGE,
    refusals.Damaged: grpc.StatusCode.DATA_LOSS,
    refusals.Unavailable: grpc.StatusCode.UNAVAILABLE,
}


class _Unreadable:
    """Stands for a request that is no message of its kind, until it can be refused."""


def reading(deserialize: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """Like `deserialize`, but what cannot be read is refused later, as the caller's mistake."""

    def read(body: bytes) -> Any:
        try:
            return deserialize(body)
        except DecodeError:
            return _Unreadable()

    return read


def readable(request: Any) -> Any:
    """The request, or the stream of them; Invalid, now or at the one in the stream, if it could not be read."""
    if hasattr(request, "__aiter__"):
        return _each_readable(request)
    if isinstance(request, _Unreadable):
        raise refusals.Invalid("UNREADABLE", "The request is not a message of the kind that this call takes.")
    return request


async def _each_readable(requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
    async for request in requests:
        yield readable(request)


async def abort(context: Context, refusal: refusals.Refusal) -> NoReturn:
    """End the call with the refusal's status and details."""
    await _abort(context, status(refusal))


def status(refusal: refusals.Refusal) -> grpc.Status:
    """A refusal's status, with its details."""
    code = next(CODES[kind] for kind in type(refusal).__mro__ if kind in CODES)
    fields, facts = tuple(refusal.fields.items()), tuple(refusal.facts.items())
    return _made(code, refusal.message, refusal.reason, fields, facts, refusal.retry_seconds)


async def abort_internal(context: Context) -> NoReturn:
    """End the call as our own fault, without a word about our insides."""
    info = details.ErrorInfo(reason="INTERNAL", domain=DOMAIN)
    await _abort(
        context, _status(grpc.StatusCode.INTERNAL, "Something went wrong here; the log says what.", [info])
    )


async def _abort(context: Context, rich: grpc.Status) -> NoReturn:
    await context.abort(rich.code, rich.details, rich.trailing_metadata)
    raise AssertionError("abort does not return")


def _status(code: grpc.StatusCode, message: str, parts: list[Message]) -> grpc.Status:
    packed = []
    for part in parts:
        packed.append(Packed())
        packed[-1].Pack(part)
    rich: grpc.Status = rpc_status.to_status(
        status_pb2.Status(code=code.value[0], message=message, details=packed)
    )
    return rich


@lru_cache(KEPT)
def _made(
    code: grpc.StatusCode,
    message: str,
    reason: str,
    fields: tuple[tuple[str, str], ...],
    facts: tuple[tuple[str, str], ...],
    retry_seconds: float,
) -> grpc.Status:
    parts: list[Message] = [details.ErrorInfo(reason=reason, domain=DOMAIN, metadata=dict(facts))]
    if fields:
        wrong = [details.BadRequest.FieldViolation(field=field, description=why) for field, why in fields]
        parts.append(details.BadRequest(field_violations=wrong))
    if retry_seconds:
        delay = Duration()
        delay.FromNanoseconds(int(retry_seconds * 1e9))
        parts.append(details.RetryInfo(retry_delay=delay))
    return _status(code, message, parts)
