"""A4, A5 and G2: workers that are killed or halted, and what is left of them."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import psutil
from engine_room import SLOW, EngineRoom, ended, engine_rooms, until

from samplemind_daemon.model import State
from samplemind_daemon.store import events
from samplemind_daemon.store.tables import Jobs


def run(folder: Path, short: bool) -> str:
    return asyncio.run(
        _run(folder, jobs=60 if short else 200, kills=10 if short else 30, halts=3 if short else 20)
    )


async def _run(folder: Path, jobs: int, kills: int, halts: int) -> str:
    async with engine_rooms(folder) as open:
        room = await open(workers=2)
        user, chance = await room.user(), random.Random()
        audios = [await room.sound(user, SLOW) for _ in range(jobs)]
        for _ in range(kills):
            await until(lambda: _busy(room))
            os.kill(chance.choice(_busy(room)).pid, signal.SIGKILL)
            await asyncio.sleep(1)
        states = Counter(await ended(room, *audios, seconds=300))
        assert set(states) == {State.COMPLETED}, states
        attempts = await room.store.read(lambda db: max(Jobs.select(Jobs.attempts).tuples().execute(db))[0])
        assert attempts <= 4, f"{attempts} attempts"
        slowest = max([await _halt(room, user) for _ in range(halts)])
        assert slowest <= 12, f"{slowest:.1f} s"
        found, _ = await room.store.read(events.after, user, 0, ("audio.completed",), 100_000)
        done = len(found)
        assert done == jobs + halts, f"{done} of {jobs + halts} were completed"
        await asyncio.sleep(2)
        zombies = [one for one in psutil.Process().children(recursive=True) if one.status() == "zombie"]
        assert not zombies, zombies
    await asyncio.sleep(1)
    family = psutil.Process()
    left = set(family.children(recursive=True)) - set(family.children())  # the fork server itself may stay
    assert not left, left
    return (
        f"{kills} kills: {jobs} of {jobs} done, at most {attempts} attempts; {halts} halts: found within "
        f"{slowest:.1f} s, results twice 0; zombies 0, orphans 0"
    )


async def _halt(room: EngineRoom, user: str) -> float:
    """Halt the worker of a new sound: how many seconds until that is found out. The sound is done in the end."""
    audio = await room.sound(user, SLOW)
    await until(lambda: _busy(room))
    [worker] = _busy(room)
    os.kill(worker.pid, signal.SIGSTOP)
    began = time.monotonic()
    await until(lambda: not worker.alive, seconds=30)
    took = time.monotonic() - began
    assert await ended(room, audio, seconds=60) == [State.COMPLETED]
    return took


def _busy(room: EngineRoom) -> list:
    return [seat.worker for seat in room.crew._seats if seat.busy and seat.worker and seat.worker.alive]
