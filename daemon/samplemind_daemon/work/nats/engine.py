"""The engine of many machines: the database says what is to be done, and workers anywhere ask for it over NATS."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager

import structlog
from nats.aio.client import Client

from samplemind_daemon.model import Job, Lane
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Database, Store, jobs
from samplemind_daemon.store.blobs import Blobs
from samplemind_daemon.tally import NOBODY, Tally
from samplemind_daemon.work.books import Books
from samplemind_daemon.work.crew import Crew, CrewStatus
from samplemind_daemon.work.live import Ended, Endings, Follower
from samplemind_daemon.work.nats.connection import connect
from samplemind_daemon.work.nats.desk import Desk
from samplemind_daemon.work.nats.dispatcher import Dispatcher
from samplemind_daemon.work.nats.exchange import Exchange
from samplemind_daemon.work.nats.place import parse
from samplemind_daemon.work.nats.relay import Relay
from samplemind_daemon.work.nats.roll import Roll
from samplemind_daemon.work.nats.stream import Stream
from samplemind_daemon.work.nats.wakes import Wakes
from samplemind_daemon.work.recipes import Recipes

log = structlog.get_logger(__name__)

KEEP_SECONDS = 3.0  # between looks for jobs whose workers are gone
GRACE_SECONDS = 10.0  # after the start, in which workers that went on meanwhile say that they do


class NatsEngine:
    """Publishes what is due, and answers the workers that do it.

    `crew` is the daemon's own: it says which plugins there are, and hears no job.
    """

    def __init__(
        self,
        store: Store,
        crew: Crew,
        blobs: Blobs,
        recipes: Recipes,
        settings: Settings,
        instance: str,
        tally: Tally = NOBODY,
    ) -> None:
        self._store, self._crew, self._recipes = store, crew, recipes
        self._settings, self._tally, self._who = settings, tally, f"daemon {instance}"
        place = parse(settings.engine)
        self._client = Client()
        self.exchange, self.roll = Exchange(self._client, place), Roll()
        self._relay = Relay(self.exchange)
        self._stream = Stream(self._client, place)
        self._dispatcher = Dispatcher(store, self._stream, self.roll.seats)
        books = Books(store, recipes, self._relay.say, settings.longest_hours * 3600, tally)
        self._desk = Desk(store, blobs, recipes, books, self._dispatcher, instance)
        self.requeued = 0
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Be there for workers, and begin to publish; CannotServe where NATS cannot be reached."""
        await self._recipes.refresh()
        place, settings = self.exchange.place, self._settings
        await connect(self._client, place, self._who, settings.engine_credentials, self._again)
        await self.exchange.open()
        await self._relay.open()
        await self.exchange.listen(place.workers, self.roll.hear)
        for lane in Lane:
            await self.exchange.listen(place.undeliverable(lane), self._dispatcher.give_up)
        await self._desk.open(self.exchange)
        await self._dispatcher.start()
        self._keeping = asyncio.create_task(self._keep())

    def wake(self) -> None:
        """There may be new jobs."""
        self._dispatcher.wake()

    def follow(self, audio: str) -> AbstractContextManager[Follower]:
        """What happens to a sound from now on, live, for as long as the context lasts."""
        return self._relay.follow(audio)

    def await_ends(self, audios: Collection[str]) -> AbstractContextManager[Endings]:
        """Which of many sounds are over from now on, for as long as the context lasts."""
        return self._relay.await_ends(audios)

    def let_go(self) -> None:
        """Tell all who follow that nothing more will come: the daemon is going down."""
        self._relay.close()

    def status(self) -> CrewStatus:
        """How the workers are that are there, all together."""
        return self.roll.status()

    async def spread(self, wake: Callable[[set[str]], None]) -> Callable[[set[str]], None]:
        """What to call with the users whose things something happened to: `wake` is then, here and at other daemons."""
        wakes = Wakes(self.exchange, wake)
        await wakes.open()
        return wakes.tell

    async def cancel(self, user: str, audio: str) -> Job | None:
        """End the user's open job on a sound, and have its worker told; None if there is no open job."""
        job = await self._store.write(jobs.cancel, user, audio)
        if job is None:
            return None
        await self.exchange.tell(self.exchange.place.cancel, job.id.encode())
        self._relay.say(audio, Ended())
        self._tally.ended(job.state, 0.0)
        return job

    async def drain(self, seconds: float) -> None:
        """Publish and answer nothing more. Workers go on, and tell another daemon, or this one once it is back."""
        await self._dispatcher.stop()
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        self._relay.close()
        await self.exchange.close()
        self._desk.close()

    async def _again(self) -> None:
        """NATS is back, and may have lost all that it had."""
        self._dispatcher.distrust()

    async def _keep(self) -> None:
        """Queue again what workers have lost, and see to new plugins and changed files."""
        graceful = asyncio.get_running_loop().time() + GRACE_SECONDS
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            try:
                is_over = asyncio.get_running_loop().time() > graceful
                if await self._store.write(_recover, is_over):
                    self.wake()
                await self._crew.look_for_plugins()
                await self._recipes.look()
            except Exception:
                log.exception("the jobs at work could not be looked after")


def _recover(db: Database, is_grace_over: bool) -> int:
    return (jobs.recover(db) if is_grace_over else 0) + jobs.follow_clock(db)
