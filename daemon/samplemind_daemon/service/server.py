"""The gRPC server: its bounds, its address, health and reflection."""

from collections.abc import Callable
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2, reflection_pb2_grpc

from samplemind_daemon.address import Address
from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.service.gate import Gate
from samplemind_daemon.service.rules import OPEN

MOST_CALLS = 4_000  # at a time, streams among them
LARGEST_MESSAGE = 1 << 20  # bytes; ours stay under 256 KiB
OPTIONS = (
    ("grpc.so_reuseport", 0),  # a second daemon on the same port must fail, not share it
    ("grpc.max_receive_message_length", LARGEST_MESSAGE),
    ("grpc.max_send_message_length", LARGEST_MESSAGE),
    ("grpc.max_metadata_size", 8 << 10),
    ("grpc.max_concurrent_streams", 64),  # a connection; a client holds back what is more ...
    ("grpc.http.overload_protection", 0),  # ... where this, on by default, breaks most of it off
    # Calls that wait to be taken in: past the first number some are broken off as CANCELLED, past the second all. gRPC
    # has no other word for it. Whoever comes back at once with all his streams is below.
    ("grpc.server.max_pending_requests", 1_000),
    ("grpc.server.max_pending_requests_hard_limit", 1_250),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.ping_timeout_ms", 10_000),  # without it a dead peer is noticed after a minute
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 20_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.max_connection_idle_ms", 300_000),
    ("grpc.server_handshake_timeout_ms", 5_000),
)

V1 = "samplemind.v1."
REFLECTION_V1 = "grpc.reflection.v1.ServerReflection"  # the messages of v1alpha under another name

GRACE_SECONDS = 30.0  # that calls get to end when their connection is to end

# gRPC takes calls in one by one: of each method that it knows by name, and of all others together. Where each of fifty
# methods had its queue, a thousand calls could wait in every one, and to look after them took up to a sixth of a call.
# So most share one; apart stay those that anyone can make in floods, and followers that all come back at once.
APART = OPEN | {"/samplemind.v1.EventService/Subscribe"}

Register = Callable[[Any, Any], None]  # at a server, or at what is like one


class Server:
    """Answers calls at one address until it is stopped."""

    def __init__(self, gate: Gate, reflection: bool, connection_seconds: float) -> None:
        self._server = grpc.aio.server(
            interceptors=[gate],
            options=(*OPTIONS, *_age(connection_seconds)),
            maximum_concurrent_rpcs=MOST_CALLS,
        )
        self._health = health.aio.HealthServicer()
        self._reflection = reflection
        self._names = [health.SERVICE_NAME]
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)

    def add(self, register: Register, service: Any) -> None:
        """Answer the calls of a service; `register` is the generated add_…Servicer_to_server."""
        register(service, _Queues(self._server))
        self._names.append(V1 + type(service).__name__)

    def listen(self, address: Address, certificate: bytes = b"", key: bytes = b"") -> Address:
        """Take the address and say which it is: port 0 becomes a free one.

        Certificate and key are PEM, both or neither. Raises CannotServe where it is taken.
        """
        if not certificate:
            port = self._bind(address, lambda: self._server.add_insecure_port(str(address)))
        else:
            pair = grpc.ssl_server_credentials([(key, certificate)])
            port = self._bind(address, lambda: self._server.add_secure_port(str(address), pair))
        return Address(address.host, port)

    def listen_inside(self, path: str) -> str:
        """Answer at a socket in the file system too, for the daemon's own web door; how it is called."""
        try:
            self._server.add_insecure_port(f"unix:{path}")
        except RuntimeError:
            raise CannotServe("web: the disk of the home can hold no socket: --web '' goes without") from None
        return f"unix:{path}"

    async def start(self) -> None:
        """Answer calls from now on."""
        if self._reflection:
            self._reflect()
        await self._server.start()
        for name in ("", *self._names):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)

    async def stop_serving(self) -> None:
        """Say on Health that no more calls should come, while those that do are still answered."""
        await self._health.enter_graceful_shutdown()

    async def stop(self, grace_seconds: float) -> None:
        """Take no more calls, and end those that still run after a while."""
        await self._server.stop(grace_seconds)

    def _reflect(self) -> None:
        servicer = reflection.aio.ReflectionServicer([*self._names, reflection.SERVICE_NAME, REFLECTION_V1])
        reflection_pb2_grpc.add_ServerReflectionServicer_to_server(servicer, self._server)
        handler = grpc.stream_stream_rpc_method_handler(
            servicer.ServerReflectionInfo,
            reflection_pb2.ServerReflectionRequest.FromString,
            reflection_pb2.ServerReflectionResponse.SerializeToString,
        )
        generic = grpc.method_handlers_generic_handler(REFLECTION_V1, {"ServerReflectionInfo": handler})
        self._server.add_generic_rpc_handlers((generic,))

    def _bind(self, address: Address, bind: Callable[[], int]) -> int:
        try:
            return bind()
        except RuntimeError:
            why = "it cannot be bound; is another program, or another daemon, listening there?"
            raise CannotServe(f"cannot listen on {address}: {why}") from None


class _Queues:
    """What services are registered at in place of the server, so that most of their calls wait in one queue."""

    def __init__(self, server: grpc.aio.Server) -> None:
        self._server = server

    def add_generic_rpc_handlers(self, handlers: Any) -> None:
        self._server.add_generic_rpc_handlers(handlers)

    def add_registered_method_handlers(self, service: str, handlers: dict[str, Any]) -> None:
        apart = {name: handler for name, handler in handlers.items() if f"/{service}/{name}" in APART}
        self._server.add_registered_method_handlers(service, apart)


def _age(seconds: float) -> tuple[tuple[str, int], ...]:
    """How old a connection grows: to come back, and to go on, must be everyday things for clients."""
    grace = min(GRACE_SECONDS, seconds)
    return (
        ("grpc.max_connection_age_ms", round(seconds * 1_000)),
        ("grpc.max_connection_age_grace_ms", round(grace * 1_000)),
    )
