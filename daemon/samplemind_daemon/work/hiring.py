"""New workers, and which plugins they must not touch."""

import asyncio
from collections import Counter
from pathlib import Path

from samplemind_daemon.model import Catalogue, PluginInfo
from samplemind_daemon.work.cage import Cage
from samplemind_daemon.work.dropins import Stamp, stamp
from samplemind_daemon.work.failures import CannotStart, TaskFailed, WorkerDied, WorkerStuck
from samplemind_daemon.work.offers import offers, unlike
from samplemind_daemon.work.orders import Orders
from samplemind_daemon.work.process import WorkerProcess, context
from samplemind_daemon.work.protocol import PROTOCOL, Hello, Loading, Message, Speaks

LOAD_SECONDS = 30.0  # that a plugin may take to import
STRIKES = 2  # a plugin under whose import a worker died so often is left out; a hang is enough by itself
TURNS = 3  # a plugin that was another one so often, though nothing was changed, is left out too
MOST_LEFT_OUT = 32  # plugins
ATTEMPTS = 3  # that no plugin explains
NO_PLUGIN = Loading("the worker itself", "")


class Hiring:
    """Starts workers; a plugin whose import kills or hangs one is found out and left out from then on."""

    def __init__(
        self, folder: Path | None, load_seconds: float = LOAD_SECONDS, cage: Cage | None = None
    ) -> None:
        self._folder, self._load_seconds, self._cage = folder, load_seconds, cage
        self._context = context()
        self._drop_ins: Stamp = frozenset()
        self._strikes: Counter[Loading] = Counter()
        self._turns: Counter[Loading] = Counter()
        self._seen: Stamp | None = None  # the dropped-in plugins that the newest worker found
        self._left_out: dict[Loading, PluginInfo] = {}
        self.catalogue = Catalogue((), (), 0)

    def is_up_to_date(self, worker: WorkerProcess) -> bool:
        """Whether the worker has the same plugins as the newest, from files that are still the same."""
        return worker.catalogue == self.catalogue and worker.drop_ins == self._drop_ins

    async def look(self) -> None:
        """See how the folder of dropped-in plugins is now; where it has changed, each is tried again."""
        drop_ins = await asyncio.to_thread(stamp, self._folder)
        if drop_ins != self._drop_ins:
            self._drop_ins = drop_ins
            for memory in (self._strikes, self._turns, self._left_out):
                memory.clear()

    async def hire(self, nice: int, needed: tuple[str, ...] = ()) -> WorkerProcess:
        """A worker that has loaded the plugins and may read what is needed.

        Raises CannotStart if none comes up, or if it is of another version than the daemon, and so speaks another
        protocol: its files were replaced while the daemon ran.
        """
        for _ in range(STRIKES * MOST_LEFT_OUT + ATTEMPTS):
            worker = await self._start(nice, needed)
            try:
                return await self._welcome(worker)
            except TaskFailed as failed:
                await worker.close()
                if isinstance(failed, CannotStart):
                    raise
                why = failed
            if self._strikes[NO_PLUGIN] >= ATTEMPTS or len(self._left_out) > MOST_LEFT_OUT:
                break
        self._strikes[NO_PLUGIN] = 0
        raise CannotStart(f"no worker comes up: {why.message}", why.details)

    async def _start(self, nice: int, needed: tuple[str, ...]) -> WorkerProcess:
        await self.look()
        drop_ins = self._drop_ins
        ways = await asyncio.to_thread(self._cage.ways, needed) if self._cage else None
        orders = Orders(self._folder, tuple(self._left_out.values()), nice, ways)
        try:
            # Not on the event loop: a fork server that has to begin, or to begin again, imports everything first.
            worker = await asyncio.to_thread(WorkerProcess, self._context, orders)
        except (OSError, EOFError) as error:
            raise CannotStart(f"no worker can be started: {error}") from error
        worker.drop_ins = drop_ins
        await worker.open()
        return worker

    async def _welcome(self, worker: WorkerProcess) -> WorkerProcess:
        """The worker, once it said hello; what it was loading is remembered if it does not."""
        loading = NO_PLUGIN
        try:
            _expect_own_kind(await self._next(worker, loading))
            while True:
                match await self._next(worker, loading):
                    case Loading() as loading:
                        pass
                    case Hello(catalogue):
                        worker.catalogue = self.catalogue = self._settle(catalogue, worker.drop_ins)
                        return worker
                    case other:
                        raise WorkerDied(f"the worker began with {type(other).__name__}")
        except TaskFailed as failed:
            self._blame(loading, failed)
            raise
        except BaseException:
            await worker.close()
            raise

    def _settle(self, found: Catalogue, drop_ins: Stamp) -> Catalogue:
        """The catalogue of a new worker; the one before if it only finds other words for the same problems.

        A plugin that offers this at one time and that at another, from the same files, would have all
        workers replaced for ever.
        """
        before, after = offers(self.catalogue), offers(found)
        if drop_ins != self._seen:
            self._seen = drop_ins
            return found
        for name, origin in unlike(before, after):
            plugin = Loading(name, origin)
            self._turns[plugin] += 1
            if self._turns[plugin] >= TURNS:
                problem = "it is not the same at each import, though its files are"
                self._left_out.setdefault(plugin, PluginInfo(name, origin, problem))
        return self.catalogue if before == after else found

    async def _next(self, worker: WorkerProcess, loading: Loading) -> Message:
        try:
            async with asyncio.timeout(self._load_seconds):
                return await worker.hear()
        except TimeoutError:
            raise WorkerStuck(f"importing {loading.name} took over {self._load_seconds:g} s") from None

    def _blame(self, loading: Loading, failed: TaskFailed) -> None:
        self._strikes[loading] += STRIKES if isinstance(failed, WorkerStuck) else 1
        if loading is not NO_PLUGIN and self._strikes[loading] >= STRIKES:
            problem = f"its import harms a worker: {failed.message}"
            self._left_out[loading] = PluginInfo(loading.name, loading.origin, problem)


def _expect_own_kind(first: Message) -> None:
    """CannotStart unless the first message of a worker says that it speaks the daemon's own protocol."""
    spoken = first.protocol if isinstance(first, Speaks) else 0
    if spoken != PROTOCOL:
        raise CannotStart(
            f"SampleMind was replaced by another version while the daemon runs (workers speak protocol {spoken}, "
            f"and it speaks {PROTOCOL}): start the daemon again"
        )
