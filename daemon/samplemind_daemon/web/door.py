"""The door itself: where browsers reach the daemon, from its opening to its closing."""

import os
from pathlib import Path

import uvicorn

from samplemind_daemon.access.certificate import Pair
from samplemind_daemon.address import Address
from samplemind_daemon.service.server import LARGEST_MESSAGE, Server
from samplemind_daemon.settings import Settings
from samplemind_daemon.web.app import make_app
from samplemind_daemon.web.frames import HEAD_BYTES
from samplemind_daemon.web.lines import Lines
from samplemind_daemon.web.names import Names
from samplemind_daemon.web.pages import app_folder
from samplemind_daemon.web.patience import Patience
from samplemind_daemon.web.sockets import bind, speaking

MOST_CONNECTIONS = 4_000
IDLE_SECONDS, GRACE_SECONDS = 30, 1
NAME_IN_HOME = "web.sock"


class Door:
    """Answers browsers at one address, by way of the daemon's own gRPC server."""

    def __init__(self, settings: Settings, pair: Pair | None) -> None:
        self._settings, self._pair = settings, pair
        self._folder = app_folder(settings.web_app)

    def listen(self, address: Address, server: Server) -> Address:
        """Take the address, and say which it is; raises CannotServe where it is taken.

        The server, which must not have started yet, listens at a socket in the home from then on.
        """
        self._socket, self._host = bind("web", address), address.host
        self._home = os.open(self._settings.home, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        inside = self._inside() / NAME_IN_HOME
        self._lines = Lines(server.listen_inside(str(inside)))
        inside.chmod(0o600)  # who speaks here is believed where he comes from
        return Address(address.host, self._socket.getsockname()[1])

    async def start(self) -> None:
        """Answer from now on."""
        pair = self._pair
        hosts = [self._host, *(pair.names if pair else ())]
        app = make_app(self._lines, Names(hosts, self._settings.web_origins), self._folder)
        config = uvicorn.Config(
            app,
            http=Patience,
            ws="wsproto",
            ws_max_size=LARGEST_MESSAGE + HEAD_BYTES,
            ws_per_message_deflate=False,
            loop="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=bool(self._settings.web_proxies),
            forwarded_allow_ips=list(self._settings.web_proxies),
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ssl_context_factory=(lambda *_: speaking(pair)) if pair else None,
        )
        config.load()
        self._server = uvicorn.Server(config)
        self._server.lifespan = config.lifespan_class(config)
        # Not serve(): it would take the signals that tell the daemon to end, and wake up ten times a second.
        await self._server.startup(sockets=[self._socket])

    async def stop(self) -> None:
        """Take no more requests, and break those off that do not end soon."""
        await self._server.shutdown(sockets=[self._socket])
        await self._lines.close()
        os.close(self._home)

    def _inside(self) -> Path:
        """The home by a path that is short: a socket's has at most 107 bytes, and many homes' have more."""
        short = Path(f"/proc/self/fd/{self._home}")
        return short if short.exists() else self._settings.home
