"""What is answered at which address."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from samplemind_daemon.web import live
from samplemind_daemon.web.guard import Guard
from samplemind_daemon.web.lines import Lines
from samplemind_daemon.web.names import Names
from samplemind_daemon.web.pages import Pages, unbuilt
from samplemind_daemon.web.proxy import Proxy
from samplemind_daemon.web.sounds import Sounds


def make_app(lines: Lines, names: Names, folder: Path | None) -> ASGIApp:
    """All that the door answers: calls, sounds, and the files of the app, if it is built."""
    calls = Proxy(lines)
    routes = [
        WebSocketRoute(live.PATH, live.Live(lines)),
        Route("/samplemind.v1.{call:path}", calls),
        Route("/grpc.health.v1.{call:path}", calls),
        Route("/audio/{audio}", Sounds(lines)),
        Mount("/", Pages(directory=folder.resolve())) if folder else Route("/{page:path}", _unbuilt),
    ]
    return Guard(Starlette(routes=routes), names)


async def _unbuilt(request: Request) -> Response:
    return unbuilt()
