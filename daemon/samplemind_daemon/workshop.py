"""A worker as a whole: every part, built by hand from the bottom to the top, and taken down again."""

import os
from contextlib import AsyncExitStack

import structlog

from samplemind_daemon.access.certificate import Pair
from samplemind_daemon.foundation import certificate, hire
from samplemind_daemon.house import House
from samplemind_daemon.onlookers import Onlookers
from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.settings import Settings
from samplemind_daemon.store.blobs import Cache
from samplemind_daemon.store.moments import now
from samplemind_daemon.threshold import refuse_open_metrics, refuse_taken
from samplemind_daemon.work.allocation import give_freed_memory_back
from samplemind_daemon.work.cage import missing
from samplemind_daemon.work.crew import Crew

log = structlog.get_logger(__name__)


def cross(settings: Settings) -> House:
    """The worker's home, taken for it alone; CannotServe where it would not be safe, or not be alone."""
    if settings.engine == "local":
        raise CannotServe("engine: a worker takes --engine nats://HOST, the same as its daemons have")
    refuse_open_metrics(settings)
    if lacking := "; ".join(missing()):
        if not settings.allow_uncaged:
            raise CannotServe(
                f"allow_uncaged: plugins cannot be kept from {lacking}; allow it if all sounds are yours"
            )
        log.warning("workers cannot be caged here", lacking=lacking)
    if settings.metrics_address is not None:
        refuse_taken("SAMPLEMIND_METRICS", settings.metrics_address)
    house = House(settings.home)
    settings.plugins.mkdir(exist_ok=True)
    return house


class Workshop:
    """All of it, at work: `start` brings it up and `stop` takes it down in the opposite order."""

    def __init__(self, settings: Settings, house: House) -> None:
        self.settings, self._house = settings, house
        self._down = AsyncExitStack()

    async def start(self) -> None:
        """Do jobs, once NATS is there. Raises CannotServe where that lets nobody in, or is not installed."""
        settings = self.settings
        self._down.callback(self._house.leave)
        give_freed_memory_back()
        onlookers = Onlookers(settings)
        self._down.push_async_callback(onlookers.close)
        cache = Cache(settings.cache_folder, settings.most_cached_bytes)
        crew = await hire(settings, settings.workers, self._down)
        try:
            await self._open(crew, cache, onlookers)
        except ImportError:
            raise CannotServe("engine: it takes nats-py: pip install 'samplemind[nats]'") from None

    async def stop(self) -> None:
        """Finish what can be finished, give the rest back, and leave nothing running."""
        await self._down.aclose()

    async def _open(self, crew: Crew, cache: Cache, onlookers: Onlookers) -> None:
        from samplemind_daemon.work.nats.connection import connect, unconnected
        from samplemind_daemon.work.nats.exchange import Exchange
        from samplemind_daemon.work.nats.pieces import Pieces
        from samplemind_daemon.work.nats.place import parse
        from samplemind_daemon.work.nats.station import Station
        from samplemind_daemon.work.nats.stream import Stream

        settings, place, client = self.settings, parse(self.settings.engine), unconnected()
        exchange = Exchange(client, place)
        self._down.push_async_callback(exchange.close)
        await connect(client, place, f"worker {os.getpid()}", settings.engine_credentials, seconds=None)
        await exchange.open()
        pieces, stream = Pieces(exchange, cache), Stream(client, place)
        station = Station(exchange, stream, crew, pieces, settings.workers, onlookers.tally)
        self._down.push_async_callback(station.drain, settings.drain_seconds)
        await station.start()
        metrics = await onlookers.show_crew(self._certificate(), crew)
        log.info("the worker is there", workers=settings.workers, home=str(settings.home), metrics=metrics)

    def _certificate(self) -> Pair | None:
        """What TLS the page of figures is shown with, None where it is not."""
        shown = self.settings.metrics_address
        return None if shown is None or shown.is_loopback else certificate(self.settings, shown.host, now())
