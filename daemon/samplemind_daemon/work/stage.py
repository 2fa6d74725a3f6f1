"""Workers for streams: one each, for as long as it goes on."""

import asyncio
import base64
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import replace

from samplemind_daemon.model import Media, Result
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.failures import TaskFailed, WorkerDied
from samplemind_daemon.work.live_messages import Finish, Interim, Moment, Piece, Tune
from samplemind_daemon.work.process import WorkerProcess
from samplemind_daemon.work.protocol import Done, Failed, Found
from samplemind_daemon.work.recipes import Recipe

MOST_KEPT = 512  # things said and not yet read; progress is lost first, estimates next, the end never
NICE = 0  # before all files: whoever plays waits for the answer

Said = Moment | Interim | Result | Media | TaskFailed


class Player:
    """A worker that hears one stream. What it says is kept until it is read, whoever reads it."""

    def __init__(self, worker: WorkerProcess, recipe: Recipe) -> None:
        self._worker, self._recipe = worker, recipe
        self._said: deque[Said] = deque()
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._listen())
        self.received = 0  # frames that it was given
        self.over = False  # whether it has said all

    async def hear(self, frame: int, data: bytes, frames: int) -> None:
        """Give it a piece of so many frames; waits while it is behind by more than its channel holds."""
        await self._worker.go_on(Piece(frame, base64.b64encode(data).decode()))
        self.received = max(self.received, frame + frames)

    async def finish(self) -> None:
        """Say that the stream is over."""
        await self._worker.go_on(Finish())

    async def said(self) -> AsyncGenerator[Said, None]:
        """All that it says from now on; last the Media, or the failure."""
        while True:
            await self._news.wait()
            while self._said:
                yield self._said.popleft()
            if self.over:
                return
            self._news.clear()

    async def close(self) -> None:
        """Have the worker gone."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._worker.close()
        if not self.over:
            self._end(TaskFailed("GOING_DOWN", "The daemon hears this stream no more; begin again soon."))

    async def _listen(self) -> None:
        try:
            while not self.over:
                self._take(await self._worker.hear())
        except TaskFailed as failed:
            self._end(failed)

    def _take(self, message: object) -> None:
        match message:
            case (
                Moment() as moment
            ):  # what lies in the channel was received, and the worker does not know of it
                self._keep(replace(moment, received=max(moment.received, self.received)))
            case Interim():
                self._keep(message)
            case Found(name, descriptors) if name in self._recipe.registry:
                version, print = self._recipe.registry[name].version, self._recipe.fingerprints[name]
                self._keep(Result(name, version, print, descriptors))
            case Done(Media() as media):
                self._end(media)
            case Failed(reason, why):
                self._end(TaskFailed(reason, why, self._worker.tail))
            case other:
                raise WorkerDied(f"the worker said what no worker may say: {type(other).__name__}")

    def _keep(self, said: Said) -> None:
        if isinstance(said, Moment) and self._said and isinstance(self._said[-1], Moment):
            said = _joined(self._said.pop(), said)
        self._said.append(said)
        if len(self._said) > MOST_KEPT:
            self._said.popleft()
        self._news.set()

    def _end(self, last: Media | TaskFailed) -> None:
        self._said.append(last)
        self.over = True
        self._news.set()


class Stage:
    """Room for so many streams at a time."""

    def __init__(self, crew: Crew, most: int) -> None:
        self._crew, self._most = crew, most
        self._players: set[Player] = set()

    @property
    def is_full(self) -> bool:
        """Whether no stream more can be heard now."""
        return len(self._players) >= self._most

    async def enter(self, order: Tune, recipe: Recipe) -> Player:
        """A worker that waits for the stream; CannotStart where none comes up."""
        worker = await self._crew.hire(NICE, order.attachments)
        await worker.say(order)
        player = Player(worker, recipe)
        self._players.add(player)
        return player

    async def leave(self, player: Player) -> None:
        """Have a player gone."""
        self._players.discard(player)
        await player.close()

    async def stop(self) -> None:
        """Have all of them gone."""
        await asyncio.gather(*(self.leave(player) for player in list(self._players)))


def _joined(before: Said, after: Moment) -> Moment:
    """Two moments as one: the later one, with all beats and gaps."""
    assert isinstance(before, Moment)
    beats, gaps = (*before.beats, *after.beats)[-MOST_KEPT:], (*before.gaps, *after.gaps)[-MOST_KEPT:]
    return replace(after, beats=beats, gaps=gaps)
