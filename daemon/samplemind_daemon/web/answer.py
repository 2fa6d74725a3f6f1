"""An answer in gRPC-Web: headers, frames, and the trailers as the last of them."""

from typing import Any

from starlette.types import Send

from samplemind_daemon.refusals import Refusal
from samplemind_daemon.service import refused
from samplemind_daemon.web.frames import Metadata, header, message_frame, trailers_frame

PROTO = "application/grpc-web+proto"
_ALWAYS = [("content-type", PROTO), ("cache-control", "no-store"), ("x-accel-buffering", "no")]


class Answer:
    """What is sent to the one who called, in this order: begin, message …, end."""

    def __init__(self, send: Send) -> None:
        self._send, self._begun = send, False

    async def begin(self, metadata: Metadata = (), further: list[tuple[str, str]] | None = None) -> None:
        """Send the headers: those of gRPC, and further ones for the browser."""
        told = [(name, header(name, value)) for name, value in metadata]
        lines = [*_ALWAYS, *told, *(further or [])]
        raw = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in lines]
        self._begun = True
        await self._send({"type": "http.response.start", "status": 200, "headers": raw})

    async def message(self, message: bytes) -> None:
        """Send a message; returns once the browser takes more."""
        await self._body(message_frame(message), more=True)

    async def end(self, status: Any) -> None:
        """Send how it ended: anything with code, details and trailing_metadata."""
        if not self._begun:
            await self.begin()
        await self._body(
            trailers_frame(status.code.value[0], status.details or "", status.trailing_metadata or ())
        )

    async def refuse(self, refusal: Refusal) -> None:
        """End it with a refusal."""
        await self.end(refused.status(refusal))

    async def _body(self, body: bytes, more: bool = False) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": more})
