"""Live sound from a page: a WebSocket that carries the messages of AnalyzeLive one to one, as gRPC-Web's frames."""

from contextlib import suppress
from typing import Any

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from samplemind_daemon.refusals import Invalid, Refusal
from samplemind_daemon.service import refused
from samplemind_daemon.service.server import LARGEST_MESSAGE
from samplemind_daemon.web.conversing import Gone, converse
from samplemind_daemon.web.forwarding import Call, Messages, forwarded, pass_on, received, status
from samplemind_daemon.web.frames import Frames, message_frame, trailers_frame
from samplemind_daemon.web.lines import Lines

PATH = "/samplemind.v1.AnalysisService/AnalyzeLive"  # the one call that needs both directions at once


class Live:
    """Answers WebSockets by a call each, which lasts as long as they do."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        async with forwarded(self._lines, PATH, socket) as call:
            with suppress(Gone, WebSocketDisconnect):
                try:
                    await converse(_send(socket, call), _answer(socket, call))
                except Refusal as refusal:
                    await _end(socket, refused.status(refusal))


async def _send(socket: WebSocket, call: Call) -> None:
    await pass_on(_messages(socket), call)
    while True:
        await _received(socket)


async def _messages(socket: WebSocket) -> Messages:
    """What the page sends, until it says that nothing more comes."""
    frames = Frames(LARGEST_MESSAGE)
    while not frames.ended:
        for message in frames.feed(await _received(socket)):
            yield message
        frames.finish()


async def _received(socket: WebSocket) -> bytes:
    """The next message of the socket; Gone where it was closed, Invalid where it is text."""
    came = await socket.receive()
    if came["type"] == "websocket.disconnect":
        raise Gone
    if (data := came.get("bytes")) is None:
        raise Invalid("UNREADABLE", "A message is binary: one frame of gRPC-Web.")
    return bytes(data)


async def _answer(socket: WebSocket, call: Call) -> None:
    async for message in received(call):
        await socket.send_bytes(message_frame(message))
    await _end(socket, await status(call))


async def _end(socket: WebSocket, ended: Any) -> None:
    """Say how the call ended, and close the socket."""
    trailers = ended.trailing_metadata or ()
    await socket.send_bytes(trailers_frame(ended.code.value[0], ended.details or "", trailers))
    await socket.close()
