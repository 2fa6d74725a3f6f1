"""The daemon as a whole: every part, built by hand from the bottom to the top, and taken down again."""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime
from typing import TYPE_CHECKING, Self

import structlog

from samplemind.v1 import (
    analysis_pb2_grpc,
    audio_pb2_grpc,
    auth_pb2_grpc,
    event_pb2_grpc,
    flag_pb2_grpc,
    library_pb2_grpc,
    plugin_pb2_grpc,
    status_pb2_grpc,
    watch_pb2_grpc,
)
from samplemind_daemon.access.certificate import Pair
from samplemind_daemon.foundation import certificate, lay
from samplemind_daemon.house import House
from samplemind_daemon.library.analyses import Analyses
from samplemind_daemon.library.batches import Batches
from samplemind_daemon.library.comparisons import Comparisons
from samplemind_daemon.library.corrections import Corrections
from samplemind_daemon.library.departures import Departures
from samplemind_daemon.library.duplicates import Duplicates
from samplemind_daemon.library.export import Exports
from samplemind_daemon.library.folders import Folders
from samplemind_daemon.library.following import Following
from samplemind_daemon.library.housekeeping import Housekeeping
from samplemind_daemon.library.live import Lives
from samplemind_daemon.library.neighbours import Neighbours
from samplemind_daemon.library.plugins import Plugins
from samplemind_daemon.library.query import Queries
from samplemind_daemon.library.sounds import Sounds
from samplemind_daemon.library.stale import Stale
from samplemind_daemon.library.uploads import Uploads
from samplemind_daemon.library.writing import Automatic, Keeping, Proof, Scribe, Writes
from samplemind_daemon.model import Recovery
from samplemind_daemon.onlookers import Onlookers
from samplemind_daemon.service.analysis import AnalysisService
from samplemind_daemon.service.audio import AudioService
from samplemind_daemon.service.auth import AuthService
from samplemind_daemon.service.connections import Connections
from samplemind_daemon.service.event import EventService
from samplemind_daemon.service.flag import FlagService
from samplemind_daemon.service.gate import Gate
from samplemind_daemon.service.library import LibraryService
from samplemind_daemon.service.plugin import PluginService
from samplemind_daemon.service.replay import Replay
from samplemind_daemon.service.server import Server
from samplemind_daemon.service.status import StatusService
from samplemind_daemon.service.watch import WatchService
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, uploads, users
from samplemind_daemon.store.blobs import Blobs
from samplemind_daemon.store.moments import now
from samplemind_daemon.threshold import cross
from samplemind_daemon.watcher import Watcher
from samplemind_daemon.watcher.names import Names
from samplemind_daemon.work.allocation import give_freed_memory_back
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.engine import Engine
from samplemind_daemon.work.engines import choose
from samplemind_daemon.work.recipes import Recipes
from samplemind_daemon.work.stage import Stage
from samplemind_daemon.work.trials import Trials

if TYPE_CHECKING:
    from samplemind_daemon.web import Door

log = structlog.get_logger(__name__)

HANG_UP_SECONDS = 2.0  # that calls get to end by themselves


class Daemon:
    """All of it, running: `start` brings it up and `stop` takes it down in the opposite order."""

    def __init__(self, settings: Settings, house: House | None = None) -> None:
        """`house` is given where its threshold was crossed before."""
        self.settings, self._house = settings, house
        self.address = self.web = (
            ""  # the latter as a browser takes it; empty if there is no door for browsers
        )
        self.metrics = ""  # the page for Prometheus; empty if there is none
        self.sign_in_code: str | None = None  # once, while the owner has no password
        self.started_at: datetime = now()
        self._down = AsyncExitStack()

    async def start(self) -> Self:
        """Serve. Whatever was brought up is taken down again if something fails on the way."""
        try:
            await self._start()
        except BaseException:
            await self._down.aclose()
            raise
        return self

    async def stop(self) -> None:
        """Finish what can be finished, put the rest back, and leave nothing running."""
        await self._down.aclose()

    async def _start(self) -> None:
        give_freed_memory_back()
        settings, house, onlookers = self.settings, self._move_in(), Onlookers(self.settings)
        pair = certificate(settings, settings.address.host, self.started_at)
        self._down.push_async_callback(onlookers.close)
        tally = onlookers.tally
        ground = await lay(settings, house, tally, self.started_at, self._down)
        crew, store, blobs, access = ground.crew, ground.store, ground.blobs, ground.access
        self.sign_in_code = ground.sign_in_code

        recipes = Recipes(store, crew)
        engine = await self._begin_work(choose(settings, house.instance, store, crew, blobs, recipes, tally))
        recovery = await self._look_back(house, engine, store, blobs)
        following = Following(store, settings)
        writes = await self._open_writing(store, crew)
        automatic = Automatic(store, writes)

        def tell(users: set[str]) -> None:
            following.wake(users)
            automatic.wake(users)

        store.on_commit = await engine.spread(tell) if store.is_shared else tell
        sounds, uploads = Sounds(store, blobs, engine), Uploads(store, blobs, settings, engine.wake, tally)
        self._down.push_async_callback(uploads.close)
        departures = Departures(store, blobs)
        await self._keep_house(Housekeeping(store, settings, access, sounds, uploads, departures, writes))
        folders = await self._open_inbox(store, Folders(store, settings, engine.wake), ground.neighbours)
        if ground.neighbours is not None:
            ground.neighbours.look(following.look, folders.look, access.flags.open, recipes.refresh)
        watcher = Watcher(folders, settings)
        analyses = Analyses(store, engine, recipes, settings)
        batches = Batches(store, engine, recipes, settings)
        lives = Lives(Stage(crew, settings.live_streams), recipes, uploads, settings)

        gate = Gate(access, Replay(store), tally)
        server = Server(gate, settings.reflection, settings.connection_seconds)
        status = StatusService(store, engine, recipes, following, settings, self.started_at, recovery)
        server.add(auth_pb2_grpc.add_AuthServiceServicer_to_server, AuthService(access))
        server.add(
            audio_pb2_grpc.add_AudioServiceServicer_to_server, AudioService(sounds, uploads, access.flags)
        )
        server.add(
            analysis_pb2_grpc.add_AnalysisServiceServicer_to_server,
            AnalysisService(analyses, batches, lives, sounds, access.flags),
        )
        queries = Queries(store)
        corrections = Corrections(store, lambda: recipes.current.catalogue)
        exports = Exports(store, queries, lambda: recipes.current.catalogue)
        stale = Stale(store, engine, queries, recipes, settings)
        comparisons = Comparisons(store, uploads, Trials(crew, recipes), queries.ids)
        duplicates = Duplicates(store)
        library = LibraryService(
            analyses, queries, corrections, stale, exports, comparisons, writes, duplicates, access.flags
        )
        server.add(library_pb2_grpc.add_LibraryServiceServicer_to_server, library)
        server.add(event_pb2_grpc.add_EventServiceServicer_to_server, EventService(following))
        server.add(watch_pb2_grpc.add_WatchServiceServicer_to_server, WatchService(folders, watcher))
        server.add(
            plugin_pb2_grpc.add_PluginServiceServicer_to_server, PluginService(Plugins(store, recipes))
        )
        server.add(flag_pb2_grpc.add_FlagServiceServicer_to_server, FlagService(access.flags))
        server.add(status_pb2_grpc.add_StatusServiceServicer_to_server, status)

        address = server.listen(settings.address, *((pair.certificate, pair.key) if pair else ()))
        self.address = str(address)
        door = self._web_door(pair)
        web = door.listen(settings.web_address, server) if door and settings.web_address else None
        await server.start()
        if door is not None and web is not None:
            await door.start()
            self._down.push_async_callback(door.stop)
            self.web = f"{'https' if pair else 'http'}://{web.here}"
        ports = {one.port for one in (address, web) if one}
        connections = Connections(ports, settings.connections_an_address)
        connections.start()
        self._down.push_async_callback(connections.stop)
        self._down.push_async_callback(server.stop, HANG_UP_SECONDS)
        self._down.push_async_callback(lives.close)
        self._down.callback(following.close)
        self._down.callback(engine.let_go)
        self.metrics = await onlookers.show(pair, store, engine, gate, following)
        trust = (pair.name, pair.path if pair.is_own_issuer else None) if pair else ("", None)
        house.announce(address, web, *trust, self.metrics)
        await watcher.start()
        self._down.push_async_callback(watcher.stop)
        await automatic.start()
        self._down.push_async_callback(automatic.stop)
        self._down.push_async_callback(server.stop_serving)
        log.info("the daemon serves", address=self.address, web=self.web, home=str(settings.home))

    def _move_in(self) -> House:
        house = self._house or cross(self.settings)  # before anything is started
        self._down.callback(house.leave)
        return house

    def _web_door(self, pair: Pair | None) -> "Door | None":
        """The door for browsers; what it needs is imported for those only who want it."""
        if not self.settings.web:
            return None
        from samplemind_daemon.web import Door

        return Door(self.settings, pair)

    async def _begin_work(self, engine: Engine) -> Engine:
        await engine.start()
        self._down.push_async_callback(engine.drain, self.settings.drain_seconds)
        return engine

    async def _look_back(self, house: House, engine: Engine, store: Store, blobs: Blobs) -> Recovery | None:
        """What the daemon before this one left behind; None if it ended well."""
        if not house.was_left_open and not engine.requeued:
            return None
        staged = await asyncio.to_thread(blobs.staging.uploads)
        recovery = Recovery(engine.requeued, len(staged & await store.read(uploads.unfinished)))
        log.warning(
            "the daemon before this one did not end well: jobs that it had in work are queued again, and "
            "uploads can be gone on with", jobs=recovery.jobs, uploads=recovery.uploads,
        )  # fmt: skip
        return recovery

    async def _open_writing(self, store: Store, crew: Crew) -> Writes:
        keeping, proof = Keeping(self.settings.home), Proof(crew, self.settings.longest_hours * 3_600)
        writes = Writes(store, keeping, Scribe(store, keeping, proof), lambda folder: Names(folder).wants)
        self._down.push_async_callback(writes.close)
        await writes.recover()  # before anything looks at the folders
        return writes

    async def _keep_house(self, housekeeping: Housekeeping) -> None:
        await housekeeping.start()
        self._down.push_async_callback(housekeeping.stop)

    async def _open_inbox(self, store: Store, folders: Folders, neighbours: Neighbours | None) -> Folders:
        if (owner := await store.read(users.find_owner)) is not None:
            await folders.see_to_inbox(owner.id, neighbours is not None and neighbours.is_new)
        return folders
