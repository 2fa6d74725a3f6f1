"""A worker in the process of a test: an engine of NATS beside a station that does its jobs."""

from typing import Any

from nats.aio.client import Client

from samplemind_daemon.store.blobs import Cache
from samplemind_daemon.work.nats.connection import connect
from samplemind_daemon.work.nats.engine import NatsEngine
from samplemind_daemon.work.nats.exchange import Exchange
from samplemind_daemon.work.nats.pieces import Pieces
from samplemind_daemon.work.nats.place import parse
from samplemind_daemon.work.nats.station import Station
from samplemind_daemon.work.nats.stream import Stream

INSTANCE = "5d2ce1b8-0a7f-4a55-9c6e-0d1f2a3b4c5d"


class Together:
    """An engine as a test of engines wants it: where it is started, a worker is; where it is drained, the worker is."""

    def __init__(self, room: Any, has_worker: bool = True) -> None:
        self._room, self._has_worker = room, has_worker
        self.engine = NatsEngine(room.store, room.crew, room.blobs, room.recipes, room.settings, INSTANCE)
        self.station: Station | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    async def start(self) -> None:
        await self.engine.start()
        if self._has_worker:
            await self.work()

    async def work(self) -> None:
        """Have a worker in this process, with the room's own crew."""
        room, place = self._room, parse(self._room.settings.engine)
        client = Client()
        await connect(client, place, "worker")
        self.exchange = Exchange(client, place)
        await self.exchange.open()
        pieces = Pieces(self.exchange, Cache(room.settings.home / "worker" / "cache", 10**8))
        stream = Stream(client, place)
        self.station = Station(self.exchange, stream, room.crew, pieces, room.settings.workers)
        await self.station.start()

    async def drain(self, seconds: float) -> None:
        if self.station is not None:
            await self.station.drain(seconds)
            await self.exchange.close()
            self.station = None
        await self.engine.drain(seconds)
