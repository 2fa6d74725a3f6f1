"""What holds for every request and every answer at the door: who may call, and what pages may do."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from samplemind_daemon.web.names import LOOPBACK, Names, bare

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
}
YEAR = "max-age=31536000"
SENT = ["authorization", "content-type", "grpc-timeout", "range", "x-api-key", "x-grpc-web", "x-user-agent"]
TOLD = ["content-range", "etag", "grpc-message", "grpc-status", "grpc-status-details-bin"]
TOLD += ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"]


class Guard:
    """Lets requests of our own pages through to `app`, and adds to every answer what keeps pages safe."""

    def __init__(self, app: ASGIApp, names: Names) -> None:
        self._names, self._app = names, app
        if names.origins:
            self._app = CORSMiddleware(
                app,
                allow_origins=sorted(names.origins),
                allow_methods=["GET", "HEAD", "POST"],
                allow_headers=SENT,
                allow_credentials=True,
                expose_headers=TOLD,
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._names.refusal(scope)
        if scope["type"] == "websocket":
            await (_turn_away(receive, send) if refused else self._app(scope, receive, send))
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(message, scope)
            await send(message)

        app = PlainTextResponse(refused[1], refused[0]) if refused else self._app
        await app(scope, receive, send_safely)


async def _turn_away(receive: Receive, send: Send) -> None:
    """Answer a WebSocket's greeting with 403."""
    await receive()
    await send({"type": "websocket.close"})


def _add(message: Message, scope: Scope) -> None:
    headers = MutableHeaders(raw=message.setdefault("headers", []))
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    if scope["scheme"] == "https" and bare(Headers(scope=scope).get("host", "")) not in LOOPBACK:
        headers.setdefault("strict-transport-security", YEAR)
