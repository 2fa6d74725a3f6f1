"""A crew with an analyzer that does whatever harm a test asks for."""

import textwrap
from datetime import timedelta

import numpy as np
import pytest
import soundfile
from engine_room import engine_rooms
from watched_folder import WatchFolder

from samplemind_daemon.store import jobs
from samplemind_daemon.work import local_engine, sources
from samplemind_daemon.work.crew import Crew, Limits
from samplemind_daemon.work.nats import engine as nats_engine
from samplemind_daemon.work.nats import station
from samplemind_daemon.work.protocol import Task

TROUBLE = """
    import ctypes, os, signal, sys, time
    from samplemind_sdk import Analyzer, Output, hookimpl, parameter

    class Trouble(Analyzer):
        "Does harm when it is told to."
        name = "trouble"
        deed = parameter("none")
        seconds = parameter(0.0)
        pid = Output(kind=int)
        nice = Output(kind=int)

        def update(self, block):
            if self.deed == "segv":
                print("about to fall", file=sys.stderr, flush=True)
                ctypes.string_at(0)
            if self.deed == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            if self.deed == "exit":
                os._exit(3)
            if self.deed == "hang":
                ctypes.PyDLL(None).sleep(3600)  # holds the GIL
            if self.deed == "sleep":
                time.sleep(self.seconds)
            if self.deed == "eat":
                held = []
                while True:
                    held.append(b"x" * 2**24)
                    time.sleep(0.01)
            if self.deed == "gorge":
                bytearray(2**40)

        def describe(self):
            print("plugins may print" * 1000)
            yield self.pid(os.getpid())
            yield self.nice(os.nice(0))

    class Length(Analyzer):
        "How long it is."
        name = "length"
        samples = Output(kind=int)
        heard = 0
        def update(self, block): self.heard += block.length
        def describe(self): yield self.samples(self.heard)

    @hookimpl
    def analyzers():
        return [Trouble, Length]
"""


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "plugins"
    place.mkdir()
    (place / "trouble.py").write_text(textwrap.dedent(TROUBLE))
    return place


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "noise.wav"
    soundfile.write(path, np.random.default_rng(0).standard_normal(44_100) / 10, 44_100)
    return str(path)


@pytest.fixture
def ask(sound):
    def make(deed="none", seconds=0.0, path=sound):
        return Task(str(path), ("trouble", "length"), {"trouble": {"deed": deed, "seconds": seconds}})

    return make


@pytest.fixture
async def hire(folder):
    """Starts crews, and stops them when the test is over."""
    hired = []

    async def start(workers=1, **limits):
        crew = Crew(workers, folder, Limits(**limits))
        hired.append(crew)
        await crew.start()
        return crew

    yield start
    for crew in hired:
        await crew.stop()


@pytest.fixture
def hasty(monkeypatch):
    """Leases of a moment, which are renewed and looked after as often."""
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.3))
    monkeypatch.setattr(local_engine, "RENEW_SECONDS", 0.05)
    monkeypatch.setattr(nats_engine, "KEEP_SECONDS", 0.05)
    monkeypatch.setattr(nats_engine, "GRACE_SECONDS", 0.3)
    monkeypatch.setattr(station, "RENEW_SECONDS", 0.05)


@pytest.fixture
def graceless(monkeypatch):
    """What others had in work is queued again soon after the start, however long its leases last."""
    monkeypatch.setattr(nats_engine, "KEEP_SECONDS", 0.1)
    monkeypatch.setattr(nats_engine, "GRACE_SECONDS", 0)


@pytest.fixture
async def room(tmp_path, database, engine):
    """Opens engine rooms, and closes them when the test is over."""
    async with engine_rooms(tmp_path, database, engine) as open:
        yield open


@pytest.fixture
def watched(room, tmp_path):
    async def open(**how):
        one = await room(**how)
        return one, await WatchFolder(one, tmp_path / "watched", await one.user()).open()

    return open


@pytest.fixture
def impatient(monkeypatch):
    """Nobody waits for a file that was changed to be taken in."""
    monkeypatch.setattr(sources, "LATELY_SECONDS", 0)
