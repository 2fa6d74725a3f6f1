"""A page's WebSocket, as far as the daemon's web door sees one: its messages are frames of gRPC-Web."""

import socket
from collections.abc import Iterator
from typing import Any

from browsing import Browser, frame, frames, outcome
from raw_calls import SECONDS
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)

LIVE = "/samplemind.v1.AnalysisService/AnalyzeLive"


class Socket:
    """A WebSocket of a page of the daemon's own, or of `origin`; `refused` is the status where it is not let in."""

    def __init__(self, browser: Browser, path: str = LIVE, origin: str | None = None) -> None:
        host, port = browser.host.split(":")
        self._line = socket.create_connection((host, int(port)), timeout=SECONDS)
        if browser.context is not None:
            self._line = browser.context.wrap_socket(self._line, server_hostname=host)
        self._wire, self._came = WSConnection(ConnectionType.CLIENT), b""
        self.refused, self.closed = 0, 0
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        told = [
            (b"Origin", (origin or browser.web).encode()),
            *([(b"Cookie", cookies.encode())] if cookies else []),
        ]
        self._say(Request(host=browser.host, target=path, extra_headers=told))
        self._events = self._read()
        first = next(self._events)
        if isinstance(first, RejectConnection):
            self.refused = first.status_code
        else:
            assert isinstance(first, AcceptConnection), first

    def send(self, message: Any, flag: int = 0) -> None:
        """Send a message of the call as one frame, or bytes or text as they are."""
        if isinstance(message, str):
            self._say(TextMessage(data=message))
        else:
            whole = message if isinstance(message, bytes) else frame(message.SerializeToString(), flag)
            self._say(BytesMessage(data=whole))

    def finish(self) -> None:
        """Say that nothing more comes."""
        self._say(BytesMessage(data=frame(b"", 0x80)))

    def answers(self, kind: Any) -> Iterator[Any]:
        """The messages that come; once they end `ended` is the call's outcome, and `closed` the socket's code."""
        for body in self._messages():
            [(flag, data)] = frames(body)
            if flag:
                self.ended = outcome("AnalysisService/AnalyzeLive", [(flag, data)], {})
            else:
                yield kind.FromString(data)

    def close(self) -> None:
        self._line.close()

    def _messages(self) -> Iterator[bytes]:
        whole = b""
        for event in self._events:
            if isinstance(event, BytesMessage):
                whole += bytes(event.data)
                if event.message_finished:
                    yield whole
                    whole = b""
            elif isinstance(event, CloseConnection):
                self.closed = event.code
                return

    def _read(self) -> Iterator[Any]:
        while data := self._line.recv(65_536):
            self._wire.receive_data(data)
            for event in self._wire.events():
                if isinstance(event, Ping):
                    self._say(event.response())
                else:
                    yield event

    def _say(self, event: Any) -> None:
        self._line.sendall(self._wire.send(event))
