"""A daemon's inside without its door: store, crew and engine, and plugins that do what a sound says."""

import asyncio
import hashlib
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from inspect import isawaitable
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
import soundfile

from samplemind_daemon.model import Audio, Lane, Role, State
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, events, jobs, plugins, results, sounds, users
from samplemind_daemon.store.blobs import DiskBlobs
from samplemind_daemon.store.moments import now
from samplemind_daemon.work.crew import Crew, Limits
from samplemind_daemon.work.local_engine import LocalEngine
from samplemind_daemon.work.recipes import Recipes

EACH_ENGINE = pytest.mark.parametrize("engine", ["local", "nats"], indirect=True)
ON_ALL = pytest.mark.parametrize(
    ("database", "engine"),
    [("sqlite", "local"), ("postgresql", "local"), ("sqlite", "nats")],
    indirect=True,
)
QUIET, SLOW, SPIN, SEGV, KILL = 0.1, 0.2, 0.3, 0.4, 0.5  # what the level of a sound makes the plugin do

PLUGIN = """
    import ctypes, os, sys, time
    from samplemind_sdk import Analyzer, Input, Output, hookimpl, parameter

    class Level(Analyzer):
        "How loud a sound is, and what a plugin does that hears it."
        name, version = "level", {level}
        gain = parameter(1.0, low=0, high=10)
        heard = Output()

        def update(self, block):
            self.value = round(float(abs(block.samples[0, 0])), 1)
            if block.start == 0:
                with open({log!r}, "a") as log:
                    log.write(f"{{self.value}}\\n")
            if self.value == 0.2:
                time.sleep(0.4)
            while self.value == 0.3:
                pass
            if self.value == 0.4:
                print("about to fall", file=sys.stderr, flush=True)
                ctypes.string_at(0)
            if self.value == 0.5:
                os.kill(os.getpid(), 9)

        def describe(self):
            yield self.heard(self.value * self.gain)

    class Twice(Analyzer):
        "Twice as much."
        name, version = "twice", {twice}
        level = Input("level.heard")
        much = Output()
        def describe(self): yield self.much(2 * self.level.value)

    class Length(Analyzer):
        "How long it is."
        name = "length"
        samples = Output(kind=int)
        count = 0
        def update(self, block): self.count += block.length
        def describe(self): yield self.samples(self.count)

    @hookimpl
    def analyzers():
        return [Level, Twice, Length]
"""


def plugin_text(log: Path, level: int = 1, twice: int = 1) -> str:
    """The plugin, with these versions of its analyzers; it writes the level of each sound that it hears."""
    return textwrap.dedent(PLUGIN.format(log=str(log), level=level, twice=twice))


def wave(path: Path, level: float, seconds: float = 0.2, rate: int = 44_100) -> Path:
    """A file of one level; another length makes another content."""
    sound = np.full(int(seconds * rate), level, np.float32)
    with path.open("wb") as file:
        soundfile.write(file, sound, rate, subtype="PCM_16", format="WAV")
    return path


class EngineRoom:
    """Everything that the engine works with, in one folder."""

    def __init__(
        self, home: Path, workers: int = 1, database: str = "", engine: str = "local", **limits: float
    ) -> None:
        self.settings = Settings(home=home, workers=workers, database=database, engine=engine)
        self.limits, self.log = limits, home / "heard.txt"
        self.settings.plugins.mkdir(parents=True, exist_ok=True)
        self.plug()
        self.store = Store(self.settings.place)
        self.blobs = DiskBlobs(home / "blobs")
        self.made = 0

    def plug(self, level: int = 1, twice: int = 1) -> None:
        """Drop in the plugin, in these versions of its analyzers."""
        (self.settings.plugins / "level.py").write_text(plugin_text(self.log, level, twice))

    async def open(self) -> None:
        """Be there, without taking jobs yet."""
        self.store.migrate()
        self.crew = Crew(self.settings.workers, self.settings.plugins, Limits(**self.limits))
        await self.crew.start()
        for plugin in self.crew.catalogue.plugins:
            await self.store.write(plugins.enable, plugin.name, plugin.name == "level")
        self.recipes = Recipes(self.store, self.crew)
        self.engine = self._engine()

    def _engine(self) -> Any:
        if self.settings.engine != "local":
            from remote_room import Together

            return Together(self)
        return LocalEngine(self.store, self.crew, self.blobs, self.recipes, self.settings)

    async def close(self) -> None:
        await self.engine.drain(0)
        await self.crew.stop()
        self.store.close()

    async def user(self, email: str = "ada@example.org") -> str:
        id = str(uuid4())
        await self.store.write(users.add, id, email, None, Role.MEMBER, now())
        return id

    async def sound(
        self,
        user: str,
        level: float = QUIET,
        lane: Lane | None = Lane.BATCH,
        seconds: float = 0,
        data: bytes = b"",
    ) -> Audio:
        """A kept sound, with a job in the lane unless that is None.

        Its length, and so its content, is a new one unless it is given.
        """
        self.made += 1
        upload = str(uuid4())
        staged = self.blobs.staging.path(upload)
        if data:
            staged.write_bytes(data)
        else:
            wave(staged, level, seconds or 0.2 + self.made / 1000)
            data = staged.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        self.blobs.keep(upload, digest)
        audio = await self.store.write(sounds.add, user, str(uuid4()), f"{level}.wav", len(data), digest)
        if lane is not None:
            await self.queue(audio, lane)
        return audio

    async def queue(self, audio, lane: Lane = Lane.BATCH, everything: bool = False):
        job = await self.store.write(jobs.add, audio, lane, everything)
        self.engine.wake()
        return job

    async def job(self, audio):
        return await self.store.read(jobs.latest_on, audio.id)

    async def found(self, audio) -> dict[str, object]:
        known = await self.store.read(results.of, audio.sha256)
        return {one.name: one.value for result in known for one in result.descriptors}

    async def audio(self, audio) -> Audio:
        """The sound as it is now."""
        return await self.store.read(sounds.find, audio.user, audio.id)

    async def state(self, audio) -> State:
        return (await self.audio(audio)).state

    async def events(self, user: str) -> list[str]:
        """The kinds of what happened to the user's things, in order."""
        found, _ = await self.store.read(events.after, user, 0)
        return [one.kind for one in found]

    def heard(self) -> list[float]:
        """The level of each hearing that was begun."""
        return [float(line) for line in self.log.read_text().split()] if self.log.exists() else []


@asynccontextmanager
async def engine_rooms(
    folder: Path, database: Callable[[], str] = str, engine: Callable[[], str] = lambda: "local"
) -> AsyncIterator[Callable[..., Awaitable[EngineRoom]]]:
    """A maker of engine rooms, which are closed in the end; each has a new database, the file in it unless given."""
    opened: list[EngineRoom] = []

    async def open(workers: int = 1, start: bool = True, **limits: float) -> EngineRoom:
        opened.append(EngineRoom(folder / f"home{len(opened)}", workers, database(), engine(), **limits))
        await opened[-1].open()
        if start:
            await opened[-1].engine.start()
        return opened[-1]

    yield open
    for one in opened:
        await one.close()


async def until(question: Callable[[], Any], seconds: float = 60) -> None:
    """Wait until the question, asked again and again, is answered yes; it may be a coroutine's."""
    async with asyncio.timeout(seconds):
        while True:
            answer = question()
            if await answer if isawaitable(answer) else answer:
                return
            await asyncio.sleep(0.02)


async def ended(room: EngineRoom, *audios: Audio, seconds: float = 60) -> list[State]:
    """The states of the sounds once none of them has an open job."""
    for audio in audios:

        async def over(audio: Audio = audio) -> bool:
            return await room.store.read(jobs.open_on, audio.id) is None

        await until(over, seconds)
    return [await room.state(audio) for audio in audios]
