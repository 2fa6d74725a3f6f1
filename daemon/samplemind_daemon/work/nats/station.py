"""A station: does jobs that any daemon gives out, with a crew of its own and no database."""

import asyncio
import socket
from functools import partial
from importlib.metadata import version
from uuid import uuid4

import nats.errors
import structlog

from samplemind_daemon.tally import NOBODY, Tally
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.hearings import Hearings
from samplemind_daemon.work.lanes import Lanes
from samplemind_daemon.work.local_engine import within
from samplemind_daemon.work.nats import roll
from samplemind_daemon.work.nats.clerk import Clerk
from samplemind_daemon.work.nats.errand import Errand
from samplemind_daemon.work.nats.exchange import Exchange, NoAnswer
from samplemind_daemon.work.nats.hints import WAIT_SECONDS, Hints
from samplemind_daemon.work.nats.pieces import Pieces
from samplemind_daemon.work.nats.roll import Present
from samplemind_daemon.work.nats.stream import Hint, Stream
from samplemind_daemon.work.rest import Rest

log = structlog.get_logger(__name__)

RENEW_SECONDS = 3.0
AWAY_SECONDS = 2.0  # the longest rest while NATS is not there, or chooses who of its servers leads
END_SECONDS = 2.0  # that a job that is broken off gets to let go of its worker, and to be given back


class Station:
    """Takes hints while there is room, and has each seen to."""

    def __init__(
        self,
        exchange: Exchange,
        stream: Stream,
        crew: Crew,
        pieces: Pieces,
        workers: int,
        tally: Tally = NOBODY,
    ) -> None:
        self._exchange, self._crew, self._pieces = exchange, crew, pieces
        self._hearings = Hearings(crew, pieces, tally)
        self._id, self._host = str(uuid4()), socket.gethostname()
        self._clerk, self._hints = Clerk(exchange, crew, self._host), Hints(stream)
        self._lanes, self._rest = Lanes(workers), Rest()
        self._away = Rest(AWAY_SECONDS)
        self._errands: dict[Errand, asyncio.Task[None]] = {}
        self._freed, self._draining = asyncio.Event(), False
        self._over = False  # asked beside all cancelling, which a request of nats-py may swallow
        self._taking: asyncio.Task[None] | None = None
        self._keeping: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to take jobs."""
        await self._exchange.listen(self._exchange.place.cancel, self._break_off)
        self._taking = asyncio.create_task(self._take())
        self._keeping = [asyncio.create_task(deed) for deed in (self._renew(), self._call(), self._look())]

    async def drain(self, seconds: float) -> None:
        """Take no more jobs, give those at work so long, and give the rest back as if never started."""
        self._draining = True
        self._freed.set()
        if self._taking is not None:
            await self._taking
        if self._errands:
            await asyncio.wait(self._errands.values(), timeout=seconds)
        await asyncio.gather(*map(self._give_back, list(self._errands)))
        self._over = True
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        self._pieces.close()

    async def _take(self) -> None:
        """Take jobs for as long as there is room, then wait for either."""
        while not self._draining:
            self._freed.clear()
            lanes = self._lanes.free() if self._lanes.left else []
            try:
                rest = self._rest.seconds_left or self._away.seconds_left
                if rest or not lanes:
                    await within(self._freed, rest or WAIT_SECONDS)
                elif hint := await self._hints.next(lanes, self._lanes.left == 1, self._freed):
                    await self._accept(hint)
            except (nats.errors.Error, OSError) as error:
                log.warning("no job can be taken now", why=f"{type(error).__name__} {error}".strip())
                self._away.begin()
        await self._hints.close()

    async def _accept(self, hint: Hint) -> None:
        """See to a job, if there is still room for one of its lane."""
        if self._draining or hint.lane not in self._lanes.free():
            return await hint.decline(0)
        self._away.forget()
        errand = Errand(hint, self._clerk, self._hearings, self._pieces, self._rest)
        self._lanes.take(errand.lane)
        self._errands[errand] = task = asyncio.create_task(errand.run())
        task.add_done_callback(partial(self._forget, errand))

    def _forget(self, errand: Errand, task: "asyncio.Task[None]") -> None:
        """A job is at work no more: there is room for another."""
        self._errands.pop(errand, None)
        self._lanes.give(errand.lane)
        self._freed.set()
        if not task.cancelled() and (bug := task.exception()) is not None:
            log.error("a job went wrong; it is tried again once its lease has run out", exc_info=bug)
            self._rest.begin()

    async def _give_back(self, errand: Errand) -> None:
        if (task := self._errands.get(errand)) is not None:
            task.cancel()
            await asyncio.wait([task], timeout=END_SECONDS)
        try:
            async with asyncio.timeout(END_SECONDS):
                await errand.give_back()
        except TimeoutError:
            log.warning("a job could not be given back; its lease runs out", job=errand.job)

    def _break_off(self, text: bytes) -> None:
        """Nobody wants this job any more."""
        job = text.decode("ascii", "replace")
        for errand, task in list(self._errands.items()):
            if errand.job == job:
                task.cancel()

    async def _renew(self) -> None:
        """Ask which jobs are still wanted, and break off the others."""
        while not self._over:
            await asyncio.sleep(RENEW_SECONDS)
            if not (asked := {one.token: task for one, task in self._errands.items() if one.is_begun}):
                continue
            try:
                for token in set(await self._clerk.renew(list(asked))) & set(asked):
                    log.warning("a job is not wanted any more, or another's by now")
                    asked[token].cancel()
            except NoAnswer as nobody:
                log.warning("no daemon says what is still wanted", why=str(nobody))

    async def _call(self) -> None:
        """Say that this worker is there, again and again."""
        while not self._over:
            here = Present(
                self._id, self._host, version("samplemind"), self._lanes.seats, self._crew.status()
            )
            await self._exchange.tell(self._exchange.place.workers, roll.encode(here))
            await asyncio.sleep(roll.CALL_SECONDS)

    async def _look(self) -> None:
        """See to new plugins and changed files."""
        while not self._over:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                await self._crew.look_for_plugins()
                await self._clerk.look()
            except Exception:
                log.exception("the plugins could not be looked at")
