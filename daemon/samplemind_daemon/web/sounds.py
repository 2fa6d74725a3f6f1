"""Sounds to play: the bytes of a sound, or a stretch of them, at an address of its own."""

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from google.protobuf.message import Message
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from samplemind.v1 import audio_pb2 as pb
from samplemind_daemon.refusals import Unavailable
from samplemind_daemon.web.forwarding import Call, Status, forwarded, pass_on, received, status
from samplemind_daemon.web.lines import Lines

_GET, _DOWNLOAD = "/samplemind.v1.AudioService/Get", "/samplemind.v1.AudioService/Download"
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
KINDS = {
    "wav": "audio/wav",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "aiff": "audio/aiff",
}  # by the container; what else there is, no browser plays
STATUSES = {
    "INVALID_ARGUMENT": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "FAILED_PRECONDITION": 409,
    "RESOURCE_EXHAUSTED": 429,
    "UNAVAILABLE": 503,
}  # where gRPC refuses; 500 for all others
ALONE = "default-src 'none'; sandbox; frame-ancestors 'none'"


class Sounds:
    """Answers with the bytes of a caller's sound, through the calls that anyone makes to get them."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.method not in ("GET", "HEAD"):
            return await PlainTextResponse("A sound is got by GET.", 405)(scope, receive, send)
        found = await self._find(request)
        if isinstance(found, Response):
            return await found(scope, receive, send)
        headers = _about(found)
        stretch = _stretch(request, found.size_bytes, headers["etag"])
        if request.headers.get("if-none-match") in (headers["etag"], "*"):
            app: ASGIApp = Response(status_code=304, headers=headers)
        elif stretch is None:
            told = headers | {"content-range": f"bytes */{found.size_bytes}"}
            app = PlainTextResponse("The sound has no such bytes.", 416, told)
        else:
            return await self._send(request, receive, send, found, stretch, headers)
        await app(scope, receive, send)

    async def _find(self, request: Request) -> pb.Audio | Response:
        """The sound that the address names, or why there is none for this caller."""
        asked = pb.AudioServiceGetRequest(audio_id=request.path_params["audio"])
        async with forwarded(self._lines, _GET, request) as call:
            found = await _first(call, asked)
            if found is None:
                return _refused(await status(call))
        return pb.AudioServiceGetResponse.FromString(found).audio

    async def _send(
        self, request: Request, receive: Receive, send: Send, audio: pb.Audio, stretch: range,
        headers: dict[str, str],
    ) -> None:  # fmt: skip
        size = len(stretch)
        code, told = 200, headers | {"content-length": str(size)}
        if size < audio.size_bytes:
            code = 206
            told["content-range"] = f"bytes {stretch.start}-{stretch.stop - 1}/{audio.size_bytes}"
        if request.method == "HEAD":
            return await Response(status_code=code, headers=told)(request.scope, receive, send)
        async with forwarded(self._lines, _DOWNLOAD, request) as call:
            first = await _first(call, pb.DownloadRequest(audio_id=audio.id, offset=stretch.start))
            if first is None:
                app: ASGIApp = _refused(await status(call))
            else:
                app = StreamingResponse(_pieces(first, call, size), code, told)
            await app(request.scope, receive, send)


async def _first(call: Call, request: Message) -> bytes | None:
    """Ask, and get the first message of the answer; None where it was refused."""
    await pass_on(_one(request), call)
    return await anext(received(call), None)


async def _one(request: Message) -> AsyncIterator[bytes]:
    yield request.SerializeToString()


async def _pieces(first: bytes, call: Call, size: int) -> AsyncIterator[bytes]:
    """So many bytes of what is downloaded; Unavailable where it breaks off before."""
    message: bytes | None = first
    rest = received(call)
    while message is not None and size > 0:
        data = pb.DownloadResponse.FromString(message).data[:size]
        size -= len(data)
        yield data
        message = await anext(rest, None) if size else None
    if size:
        raise Unavailable("BROKEN_OFF", (await status(call)).details or "The sound broke off.")


def _stretch(request: Request, size: int, etag: str) -> range | None:
    """The bytes that are asked for: all, unless there is one range of them; None where it lies outside."""
    asked = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if asked is None or asked[0] == "bytes=-" or request.headers.get("if-range", etag) != etag:
        return range(size)  # several ranges at once are not served: to send all is always right
    first, last = asked[1], asked[2]
    start = int(first) if first else max(0, size - int(last))
    stop = min(size, int(last) + 1) if first and last else size
    return range(start, stop) if start < stop else None


def _about(audio: pb.Audio) -> dict[str, str]:
    """The headers of a sound."""
    return {
        "content-type": KINDS.get(audio.media.container, "application/octet-stream"),
        "content-disposition": f"attachment; filename*=UTF-8''{quote(audio.name, safe='')}",
        "content-security-policy": ALONE,
        "cache-control": "private, no-cache",
        "accept-ranges": "bytes",
        "etag": f'"{audio.sha256}"',
    }


def _refused(ended: Status) -> Response:
    """Why there is no sound, for people."""
    return PlainTextResponse(
        ended.details or "", STATUSES.get(ended.code.name, 500), {"cache-control": "no-store"}
    )
