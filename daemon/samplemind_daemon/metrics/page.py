"""The page that Prometheus reads, at an address of its own: never at the door for browsers."""

import asyncio
import hmac

import uvicorn
from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from samplemind_daemon.access.certificate import Pair
from samplemind_daemon.address import Address
from samplemind_daemon.metrics.counts import Counts
from samplemind_daemon.metrics.standing import Figures
from samplemind_daemon.web.names import Names
from samplemind_daemon.web.sockets import bind, speaking

MOST_CONNECTIONS = 32
LOOK_SECONDS = 5.0  # that the database gets to answer
GRACE_SECONDS = 1


class Page:
    """Answers GET /metrics; with a token, only who has it."""

    def __init__(self, token: str) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # they would double what is kept of each counter
        self._token, self._registry = token, CollectorRegistry()
        self.tally = Counts(self._registry)
        self._server: uvicorn.Server | None = None
        ProcessCollector(registry=self._registry)

    async def start(self, address: Address, pair: Pair | None, figures: Figures) -> str:
        """Answer from now on at this address, by TLS if there is a pair; the page's own address.

        Raises CannotServe where it is taken.
        """
        self._figures = figures
        self._registry.register(figures)
        self._socket = bind("metrics", address)
        self._names = Names([address.host, *(pair.names if pair else ())], ())
        config = uvicorn.Config(
            Starlette(routes=[Route("/metrics", self._answer)]),
            loop="none", lifespan="off", log_config=None, log_level="error", access_log=False,
            server_header=False, limit_concurrency=MOST_CONNECTIONS, timeout_graceful_shutdown=GRACE_SECONDS,
            ssl_context_factory=(lambda *_: speaking(pair)) if pair else None,
        )  # fmt: skip
        config.load()
        self._server = uvicorn.Server(config)
        self._server.lifespan = config.lifespan_class(config)
        await self._server.startup(sockets=[self._socket])  # not serve(): see web/door.py
        here = Address(address.host, self._socket.getsockname()[1]).here
        return f"{'https' if pair else 'http'}://{here}/metrics"

    async def stop(self) -> None:
        """Answer no more."""
        if self._server is not None:
            await self._server.shutdown(sockets=[self._socket])

    async def _answer(self, request: Request) -> Response:
        if refusal := self._names.refusal(request.scope):
            return PlainTextResponse(refusal[1], refusal[0])
        given = request.headers.get("authorization", "")
        if self._token and not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            return PlainTextResponse(
                "This takes the metrics_token.", 401, {"www-authenticate": 'Bearer realm="metrics"'}
            )
        async with asyncio.timeout(LOOK_SECONDS):
            await self._figures.look()
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)
