"""Very many calls at a time from one process: asyncio, some connections, and what became of each call."""

import time
from collections import Counter
from typing import Any

import grpc
from google.protobuf import message_factory
from raw_calls import RPCS, message_of, read
from timing import slower

SECONDS = 30.0  # that a call may take


class Crowd:
    """Makes calls over some connections, each call over the next one, and notes how long which outcome took."""

    def __init__(self, address: str, connections: int) -> None:
        own = [("grpc.use_local_subchannel_pool", 1)]
        self._channels = [grpc.aio.insecure_channel(address, options=own) for _ in range(connections)]
        self._methods: dict[tuple[int, str], Any] = {}
        self._calls = 0
        self.seconds: dict[str, list[float]] = {}  # by code, and reason if there is one
        self.without_time: Counter[str] = Counter()  # refusals that do not say when to come back

    async def close(self) -> None:
        for channel in self._channels:
            await channel.close()

    async def call(self, rpc: str, headers: list[tuple[str, str]], **fields: Any) -> str:
        """Make a call; its code, with the reason."""
        return (await self._ask(rpc, message_of(rpc, **fields), headers))[0]

    async def answer(self, rpc: str, headers: list[tuple[str, str]], **fields: Any) -> Any | None:
        """Make a call; the answer, None if it was refused."""
        return (await self._ask(rpc, message_of(rpc, **fields), headers))[1]

    async def send(self, headers: list[tuple[str, str]], pieces: list[Any]) -> str:
        """Send pieces of an upload; the code, with the reason."""
        return (await self._ask("AudioService/UploadChunks", iter(pieces), headers))[0]

    async def _ask(self, rpc: str, request: Any, headers: list[tuple[str, str]]) -> tuple[str, Any | None]:
        self._calls += 1
        method, began, answer = self._method(self._calls % len(self._channels), rpc), time.monotonic(), None
        try:
            answer = await method(request, metadata=tuple(headers), timeout=SECONDS)
            outcome = "OK"
        except grpc.aio.AioRpcError as error:
            said = read(error)
            outcome = f"{said.code} {said.reason}".strip()
            if said.code == "RESOURCE_EXHAUSTED" and not said.retry_seconds:
                self.without_time[outcome] += 1
        self.seconds.setdefault(outcome, []).append(time.monotonic() - began)
        return outcome, answer

    def tell(self) -> str:
        """How many calls had which outcome, and how long they took."""
        return "; ".join(
            f"{outcome} {len(some):,}, p50 {slower(some, 0.5):.0f} and p99 {slower(some, 0.99):.0f} ms"
            for outcome, some in sorted(self.seconds.items(), key=lambda item: -len(item[1]))
        )

    def _method(self, number: int, rpc: str) -> Any:
        if (number, rpc) not in self._methods:
            declared = RPCS[rpc]
            answer = message_factory.GetMessageClass(declared.output_type)
            name = f"/{declared.containing_service.full_name}/{declared.name}"
            channel = self._channels[number]
            kind = channel.stream_unary if declared.client_streaming else channel.unary_unary
            self._methods[number, rpc] = kind(name, _body, answer.FromString)
        return self._methods[number, rpc]


def _body(request: Any) -> bytes:
    return request.SerializeToString()
