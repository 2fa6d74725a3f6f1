"""One connection to a daemon."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import NoReturn, TypeVar

import grpc
from google.protobuf.message import Message

from samplemind.v1 import auth_pb2
from samplemind_client.errors import CannotReach, SampleMindError
from samplemind_client.line.channel import SYSTEM, Trust, open_channel
from samplemind_client.line.credential import Credential, Nobody
from samplemind_client.line.refusal import read_refusal
from samplemind_client.line.tokens import Tokens, read_tokens
from samplemind_client.line.tries import DELAYS, Headers, Tries

Q = TypeVar("Q", bound=Message)
A = TypeVar("A", bound=Message)

DEADLINE = 30.0  # seconds that a call may take
SHORT_WAIT = 5.0  # seconds that a limited call is held back; a longer wait is the caller's to decide
BROKEN = frozenset({"UNAVAILABLE", "CANCELLED"})  # not ours: we cancel by leaving

log = logging.getLogger(__name__)


class Line:
    """Calls and streams that are signed, tried again after breaks, and refused with a SampleMindError.

    `server` is "host:port", or "https://host:port" for TLS; `trust` says how such a one is known.
    """

    def __init__(
        self,
        server: str,
        credential: Credential | None = None,
        *,
        trust: Trust = SYSTEM,
        delays: Sequence[float] = DELAYS,
    ) -> None:
        self.server = server
        self.credential: Credential = credential or Nobody()
        self._trust, self._delays = trust, delays
        self._opened: grpc.aio.Channel | None = None

    async def call(
        self,
        method: str,
        request: Message,
        answer: type[A],
        *,
        deadline: float = DEADLINE,
        signed: bool = True,
    ) -> A:
        """The answer to a request, which is sent again unchanged after a break."""
        ask = self._channel().unary_unary(
            _path(method), request_serializer=_serialize, response_deserializer=answer.FromString
        )
        tries = self.tries()
        while True:
            tries.headers = await self._headers() if signed else ()
            try:
                return await ask(request, metadata=tries.headers, timeout=deadline)
            except grpc.aio.AioRpcError as error:
                await self.recover(read_refusal(error), tries)

    async def send(
        self,
        method: str,
        requests: AsyncGenerator[Q, None],
        answer: type[A],
        tries: Tries,
        *,
        deadline: float,
    ) -> A:
        """The answer to a stream of requests. Tried once: only its sender knows where to go on.

        What goes wrong while the requests are made is raised as it is.
        """
        wrong: list[Exception] = []
        ask = self._channel().stream_unary(
            _path(method), request_serializer=_serialize, response_deserializer=answer.FromString
        )
        tries.headers = await self._headers()
        try:
            return await ask(_watched(requests, wrong), metadata=tries.headers, timeout=deadline)
        except grpc.aio.AioRpcError as error:
            raise read_refusal(error) from error
        except asyncio.CancelledError:
            if wrong:
                raise wrong[0] from None
            raise

    async def stream(
        self,
        method: str,
        request: Callable[[], Message],
        answer: type[A],
        tries: Tries,
        *,
        endless: bool = False,
    ) -> AsyncGenerator[A, None]:
        """The messages that answer a request; after a break they go on with what `request` makes then.

        The caller renews `tries` as it sees progress. An endless stream that ends has broken, too.
        """
        ask = self._channel().unary_stream(
            _path(method), request_serializer=_serialize, response_deserializer=answer.FromString
        )
        while True:
            tries.headers = await self._headers()
            call = ask(request(), metadata=tries.headers)
            try:
                async for message in call:
                    yield message
                if not endless:
                    return
                refusal = SampleMindError("UNAVAILABLE", "UNAVAILABLE", "the stream ended")
            except grpc.aio.AioRpcError as error:
                refusal = read_refusal(error)
            finally:
                call.cancel()
            await self.recover(refusal, tries)

    async def converse(
        self, method: str, requests: AsyncGenerator[Q, None], answer: type[A], tries: Tries
    ) -> AsyncGenerator[A, None]:
        """The messages that answer a stream of requests. Tried once: only its sender knows where to go on."""
        wrong: list[Exception] = []
        ask = self._channel().stream_stream(
            _path(method), request_serializer=_serialize, response_deserializer=answer.FromString
        )
        tries.headers = await self._headers()
        call = ask(_watched(requests, wrong), metadata=tries.headers)
        try:
            async for message in call:
                yield message
        except grpc.aio.AioRpcError as error:
            raise read_refusal(error) from error
        except asyncio.CancelledError:
            if wrong:
                raise wrong[0] from None
            raise
        finally:
            call.cancel()

    async def recover(self, refusal: SampleMindError, tries: Tries) -> None:
        """Return when it can be tried again; raise the refusal where that will not help."""
        if refusal.code == "UNAUTHENTICATED" and not tries.renewed:
            tries.renewed = True
            if tries.headers and await self.credential.renew(tries.headers, self.refresh):
                return
        if refusal.code in BROKEN:
            if not await tries.wait():
                self._give_up(refusal, tries)
            log.info("The daemon at %s did not answer: asking again (%d).", self.server, tries.used)
            return
        limited = refusal.code == "RESOURCE_EXHAUSTED" and 0 < refusal.retry_seconds <= SHORT_WAIT
        if limited and await tries.wait(refusal.retry_seconds):
            return
        raise refusal

    def tries(self) -> Tries:
        """Fresh tries for one request."""
        return Tries(self._delays)

    async def refresh(self, token: str) -> Tokens:
        """New tokens for a refresh token."""
        request = auth_pb2.RefreshRequest(refresh_token=token)
        answer = await self.call("AuthService/Refresh", request, auth_pb2.RefreshResponse, signed=False)
        return read_tokens(answer.tokens)

    async def close(self) -> None:
        """Hang up."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def _headers(self) -> Headers:
        return await self.credential.headers(self.refresh)

    def _channel(self) -> grpc.aio.Channel:
        """The channel, opened at first use: it belongs to the loop that runs then."""
        if self._opened is None:
            self._opened = open_channel(self.server, self._trust)
        return self._opened

    def _give_up(self, refusal: SampleMindError, tries: Tries) -> NoReturn:
        times = f"tried {tries.used + 1} times" if tries.used else "tried once"
        raise CannotReach(
            f"The daemon at {self.server} cannot be reached ({times}): is it running? {refusal.message}"
        ) from refusal


async def _watched(requests: AsyncGenerator[Q, None], wrong: list[Exception]) -> AsyncGenerator[Q, None]:
    """The requests; what goes wrong while they are made is kept, as gRPC would only cancel the call."""
    try:
        async for request in requests:
            yield request
    except Exception as error:
        wrong.append(error)
        raise


def _path(method: str) -> str:
    return f"/samplemind.v1.{method}"


def _serialize(message: Message) -> bytes:
    return message.SerializeToString()
