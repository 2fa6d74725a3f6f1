"""gRPC-Web: what a page posts is passed on to the daemon's own gRPC server, and its answer comes back as it comes."""

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from samplemind_daemon.refusals import Invalid, Refusal
from samplemind_daemon.service.server import LARGEST_MESSAGE
from samplemind_daemon.web.answer import PROTO, Answer
from samplemind_daemon.web.conversing import Gone, converse
from samplemind_daemon.web.cookies import GIVING, LOGOUT, REFRESH, Cookies
from samplemind_daemon.web.forwarding import PATH, Call, forwarded, pass_on, received, status
from samplemind_daemon.web.frames import Frames
from samplemind_daemon.web.lines import Lines

KINDS = (PROTO, "application/grpc-web")
PATIENCE_SECONDS = 60.0  # for the next piece of a request


class Proxy:
    """Answers calls in gRPC-Web."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = HTTPConnection(scope)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not PATH.fullmatch(scope["path"]):
            return await PlainTextResponse("There is no such call.", 404)(scope, receive, send)
        if scope["method"] != "POST" or kind not in KINDS:
            said, code = f"Calls are made by POST and {PROTO}.", 415 if scope["method"] == "POST" else 405
            return await PlainTextResponse(said, code)(scope, receive, send)
        await self._call(request, receive, Answer(send))

    async def _call(self, request: HTTPConnection, receive: Receive, answer: Answer) -> None:
        path, cookies = request.scope["path"], Cookies(request)
        fill = cookies.fill if path == REFRESH else bytes
        async with forwarded(self._lines, path, request) as call:
            try:
                await converse(_send(receive, call, fill), _answer(path, call, answer, cookies))
            except Refusal as refusal:
                await answer.refuse(refusal)
            except Gone:
                return


async def _send(receive: Receive, call: Call, fill: Callable[[bytes], bytes]) -> None:
    """Send what the page sends; raises Gone once it has gone."""
    await pass_on(_messages(receive, fill), call)
    while (await receive())["type"] != "http.disconnect":
        pass
    raise Gone


async def _messages(receive: Receive, fill: Callable[[bytes], bytes]) -> AsyncIterator[bytes]:
    frames, more = Frames(LARGEST_MESSAGE), True
    while more:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                came = await receive()
        except TimeoutError:
            raise Invalid("TOO_SLOW", f"No more of the request came for {PATIENCE_SECONDS:.0f} s.") from None
        if came["type"] == "http.disconnect":
            raise Gone
        for message in frames.feed(came.get("body", b"")):
            yield fill(message)
        more = came.get("more_body", False)
    frames.finish()


async def _answer(path: str, call: Call, answer: Answer, cookies: Cookies) -> None:
    if path in GIVING:
        return await _answer_with_cookies(path, call, answer, cookies)
    await answer.begin(await call.initial_metadata(), cookies.drop() if path == LOGOUT else [])
    async for message in received(call):
        await answer.message(message)
    await answer.end(await status(call))


async def _answer_with_cookies(path: str, call: Call, answer: Answer, cookies: Cookies) -> None:
    """The answer without its tokens, once it is all there; who cannot refresh forgets his."""
    initial = await call.initial_metadata()
    messages = [message async for message in received(call)]
    ended = await status(call)
    if messages and ended.is_ok:
        message, kept = cookies.take(path, messages[0])
        await answer.begin(initial, kept)
        await answer.message(message)
    else:
        await answer.begin(initial, cookies.drop() if path == REFRESH and ended.is_unknown_caller else [])
    await answer.end(ended)
