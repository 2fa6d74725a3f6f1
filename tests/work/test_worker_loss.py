"""Workers that are killed or halted from outside cost an attempt of their own job, and no other's."""

import asyncio
import os
import random
import signal
from datetime import timedelta

import psutil
import pytest
from engine_room import QUIET, SLOW, ended, until

from samplemind_daemon.model import State
from samplemind_daemon.store import jobs
from samplemind_daemon.store.tables import Jobs

KILLS, JOBS = 8, 30


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Pauses after a crash that a test can wait for."""
    monkeypatch.setattr(jobs, "PAUSES", (timedelta(seconds=0.05), timedelta(seconds=0.1)))


def busy(room):
    """The workers that hear something now."""
    return [seat.worker for seat in room.crew._seats if seat.busy and seat.worker and seat.worker.alive]


async def crashes(room, audios):
    columns = Jobs.select(Jobs.audio, Jobs.crashes, Jobs.attempts)
    found = await room.store.read(lambda db: list(columns.tuples().execute(db)))
    return {audio: (crashed, attempts) for audio, crashed, attempts in found}


async def test_killed_workers_cost_their_own_jobs_an_attempt_and_leave_no_zombies(room, monkeypatch):
    # Longer than all the killing, so that no job is hit three times, which would be taken for its own fault.
    monkeypatch.setattr(jobs, "PAUSES", (timedelta(seconds=4), timedelta(seconds=8)))
    one, moment = await room(workers=2), random.Random(1)
    user = await one.user()
    audios = [await one.sound(user, SLOW) for _ in range(JOBS)]
    for _ in range(KILLS):
        await until(lambda: busy(one))
        os.kill(moment.choice(busy(one)).pid, signal.SIGKILL)
        await asyncio.sleep(0.3)
    assert set(await ended(one, *audios, seconds=60)) == {State.COMPLETED}
    counted = await crashes(one, audios)
    assert sum(crashed for crashed, _ in counted.values()) == KILLS
    assert all(attempts == crashed + 1 for crashed, attempts in counted.values())
    assert (await one.events(user)).count("audio.completed") == JOBS
    await until(lambda: one.crew.status().workers == 3, seconds=10)
    dead = [child for child in psutil.Process().children(recursive=True) if child.status() == "zombie"]
    assert dead == [] and one.crew.status().respawns >= KILLS


async def test_a_halted_worker_is_found_out_and_what_it_says_later_counts_for_nothing(room):
    one = await room(halted_seconds=0.5)
    user = await one.user()
    for _ in range(3):
        audio = await one.sound(user, SLOW)
        await until(lambda: busy(one))
        [worker] = busy(one)
        os.kill(pid := worker.pid, signal.SIGSTOP)
        await until(lambda worker=worker: not worker.alive, seconds=3)
        assert await ended(one, audio) == [State.COMPLETED]
        with pytest.raises(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    assert (await one.events(user)).count("audio.completed") == 3


async def test_a_worker_that_is_halted_while_it_waits_is_replaced_before_a_job_gets_it(room):
    one = await room(halted_seconds=0.3)
    await until(lambda: one.crew.status().workers == 2)
    for seat in one.crew._seats:
        os.kill(seat.worker.pid, signal.SIGSTOP)
    await until(lambda: one.crew.status().workers == 0)
    assert await ended(one, await one.sound(await one.user(), QUIET)) == [State.COMPLETED]
