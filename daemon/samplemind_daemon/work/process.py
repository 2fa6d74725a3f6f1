"""One worker process, from the crew's side."""

import asyncio
import multiprocessing
import os
import signal
import socket
import time
from contextlib import suppress
from ctypes import c_int
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess

import psutil

from samplemind_daemon.model import Catalogue
from samplemind_daemon.work.dropins import Stamp
from samplemind_daemon.work.failures import OutOfMemory, TaskFailed, WorkerDied
from samplemind_daemon.work.live_messages import Tune
from samplemind_daemon.work.orders import Orders, obey
from samplemind_daemon.work.protocol import (
    LENGTH,
    CannotUnderstand,
    Examine,
    Message,
    Task,
    decode,
    encode,
    length,
)
from samplemind_daemon.work.shortage import victims

TAIL_CHARACTERS = 4_096  # of a worker's stderr that are told ...
READ_BYTES = 16_384  # ... of so many that are kept: a fault's own report names every module in one line
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
EXIT_SECONDS = 5.0  # that a killed process gets to be gone


class WorkerProcess:
    """A worker, its channel, and the last of what it wrote to stderr.

    Not for threads other than the event loop's.
    """

    def __init__(self, context: ForkServerContext, orders: Orders) -> None:
        """Start the process; blocks while the fork server starts: milliseconds, or a second where it has to begin."""
        self._victims = victims()
        self._channel, theirs = socket.socketpair()
        self._turn = context.RawValue(c_int, 0)
        self._errors, errors = context.Pipe(duplex=False)
        self._process: ForkServerProcess = context.Process(
            target=obey, args=(theirs, errors, orders, self._turn), name="samplemind-worker", daemon=True
        )
        self._process.start()
        theirs.close()
        errors.close()
        self._tail = bytearray()
        self._verdict: TaskFailed | None = None
        self._exitcode: int | None = None
        self._closed = False
        self._halted: float | None = None  # since when
        self.catalogue: Catalogue | None = None  # once it said hello
        self.started = self.last_sign = time.monotonic()
        self.drop_ins: Stamp = frozenset()  # as they were when it began to load them
        self._ways = orders.ways
        self.tasks = 0

    async def open(self) -> None:
        """Begin to listen to the process; to be called once, first."""
        self._reader, self._writer = await asyncio.open_connection(sock=self._channel)
        os.set_blocking(self._errors.fileno(), False)
        asyncio.get_running_loop().add_reader(self._errors.fileno(), self._keep_tail)

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid or 0

    @property
    def alive(self) -> bool:
        """Whether the process still runs and was not told to end."""
        return self._verdict is None and self.exitcode is None

    @property
    def exitcode(self) -> int | None:
        """How the process ended, as in multiprocessing; None as long as it runs."""
        if not self._closed and self._exitcode is None:
            self._exitcode = self._process.exitcode
        return self._exitcode

    @property
    def turn(self) -> int:
        """Which of the task's analyzers is at work, or was at the process's end, counted from 1; 0 for none."""
        return int(self._turn.value)

    def reaches(self, path: str) -> bool:
        """Whether its cage lets the process read this file; to be asked beside the event loop."""
        return self._ways is None or self._ways.reach(path)

    @property
    def memory(self) -> int:
        """Bytes in RAM."""
        try:
            return int(psutil.Process(self.pid).memory_info().rss)
        except psutil.Error:
            return 0

    @property
    def halted_seconds(self) -> float:
        """For how long somebody has kept the process from running, as far as was looked; 0 where it runs."""
        try:
            halted = psutil.Process(self.pid).status() in (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP)
        except psutil.Error:
            halted = False
        if not halted:
            self._halted = None
            return 0.0
        self._halted = self._halted or time.monotonic()
        return time.monotonic() - self._halted

    @property
    def tail(self) -> str:
        """The last of what the process wrote to stderr."""
        lines = self._tail.decode("utf-8", "replace").splitlines(keepends=True)
        told = "".join(line for line in lines if not line.startswith("Extension modules:"))
        return told[-TAIL_CHARACTERS:]

    async def say(self, task: Task | Examine | Tune) -> None:
        """Hand over a task; that the process is gone shows in `hear`."""
        self.tasks += 1
        self.started = self.last_sign = time.monotonic()
        await self.go_on(task)

    async def go_on(self, message: Message) -> None:
        """Hand over what belongs to the task at work: a piece of a stream, or its end."""
        with suppress(ConnectionError):
            self._writer.write(encode(message))
            await self._writer.drain()

    async def hear(self) -> Message:
        """The next message; the verdict if the process was killed for one, WorkerDied if it just ended."""
        try:
            head = await self._reader.readexactly(LENGTH.size)
            message = decode(await self._reader.readexactly(length(head)))
        except (asyncio.IncompleteReadError, ConnectionError):
            raise await self._end() from None
        except CannotUnderstand as cannot:
            self.kill(WorkerDied(f"the worker said what no worker may say: {cannot}"))
            raise await self._end() from None
        self.last_sign = time.monotonic()
        return message

    def kill(self, verdict: TaskFailed) -> None:
        """End the process at once, for this reason."""
        self._verdict = self._verdict or verdict
        if not self._closed and self.exitcode is None:
            self._process.kill()

    async def close(self) -> None:
        """Have the process gone, and everything that was held for it."""
        self.kill(WorkerDied("the worker was dismissed"))
        with suppress(TimeoutError):
            async with asyncio.timeout(EXIT_SECONDS):
                await self._gone()
        self._forget()

    async def _end(self) -> TaskFailed:
        """Why there is nothing more to hear."""
        with suppress(TimeoutError):
            async with asyncio.timeout(EXIT_SECONDS):
                await self._gone()
        self._keep_tail()
        if self._verdict is not None:
            self._verdict.details = self.tail
            return self._verdict
        if self.exitcode == -signal.SIGKILL and await asyncio.to_thread(victims) > self._victims:
            return OutOfMemory("memory is short: the system ended the worker", self.tail)
        return WorkerDied(f"the worker {_how(self.exitcode)}", self.tail)

    async def _gone(self) -> None:
        """Wait for the end of the process, without blocking a thread."""
        if self._closed or self.exitcode is not None:
            return
        loop, gone = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, gone.set)
        try:
            await gone.wait()
        finally:
            loop.remove_reader(self._process.sentinel)

    def _keep_tail(self) -> None:
        with suppress(BlockingIOError):
            if self._errors.closed:
                return
            if not (piece := os.read(self._errors.fileno(), READ_BYTES)):
                self._forget_errors()
            self._tail = (self._tail + piece)[-READ_BYTES:]

    def _forget_errors(self) -> None:
        if not self._errors.closed:
            asyncio.get_running_loop().remove_reader(self._errors.fileno())
            self._errors.close()

    def _forget(self) -> None:
        self._forget_errors()
        self._writer.close()
        if not self._closed and self.exitcode is not None:
            self._closed = True
            self._process.join()
            self._process.close()


def context() -> ForkServerContext:
    """A fork server that imports what every worker needs: never grpc, never a stranger's plugin.

    It begins at once, beside whatever its caller goes on with.
    """
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # read when numpy is imported, in the server
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["samplemind_daemon.work.worker", "scipy.signal", "aubio"])
    forkserver.ensure_running()
    return server


def _how(exitcode: int | None) -> str:
    if exitcode is None:
        return "closed its channel and lives on"
    if exitcode >= 0:
        return f"exited with status {exitcode}"
    try:
        return f"was killed by {signal.Signals(-exitcode).name}"
    except ValueError:
        return f"was killed by signal {-exitcode}"
