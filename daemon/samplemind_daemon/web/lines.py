"""Lines to the daemon's own gRPC server: as many connections as the calls at a time need."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import grpc

from samplemind_daemon.service.server import LARGEST_MESSAGE

MOST_CALLS = 48  # on a connection: the server takes 64 at a time, and counts some a little longer than we do
OPTIONS = (
    ("grpc.use_local_subchannel_pool", 1),  # or all channels would share one connection
    ("grpc.max_receive_message_length", LARGEST_MESSAGE),
    ("grpc.max_send_message_length", LARGEST_MESSAGE),
    ("grpc.http2.bdp_probe", 0),  # a page that does not read must hold up its call, not fill a window ...
    ("grpc.http2.lookahead_bytes", 65_536),  # ... of megabytes here
)


@dataclass
class _Line:
    channel: grpc.aio.Channel
    calls: int = 0


class Lines:
    """Connections to one server, the first that has room for each call."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._lines: list[_Line] = []

    @contextmanager
    def one(self) -> Iterator[grpc.aio.Channel]:
        """A connection, with a place on it for one call until it is left."""
        line = next((line for line in self._lines if line.calls < MOST_CALLS), None)
        if line is None:
            line = _Line(grpc.aio.insecure_channel(self._target, options=OPTIONS))
            self._lines.append(line)
        line.calls += 1
        try:
            yield line.channel
        finally:
            line.calls -= 1

    async def close(self) -> None:
        """Hang up."""
        for line in self._lines:
            await line.channel.close()
