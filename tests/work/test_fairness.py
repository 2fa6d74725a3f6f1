"""Who shares a daemon gets a share, and a batch gets on however many wait for an answer."""

import asyncio
import time

from engine_room import QUIET, SLOW, ended, until

from samplemind_daemon.model import Lane, State
from samplemind_daemon.store import jobs
from samplemind_daemon.work import engine


async def test_ten_jobs_beside_two_hundred_take_twice_as_long_as_alone(room):
    one = await room(start=False)
    ada, bob = await one.user(), await one.user("bob@example.org")
    for _ in range(200):
        await one.sound(ada, QUIET)
    few = [await one.sound(bob, QUIET) for _ in range(10)]
    await one.engine.start()
    assert await ended(one, *few, seconds=60) == [State.COMPLETED] * 10
    counted = await one.store.read(jobs.count_states, ada)
    assert counted[State.COMPLETED] <= 20  # ten turns, one at work, and some slack of asking


async def test_a_batch_gets_on_however_many_are_waited_for(room, monkeypatch):
    monkeypatch.setattr(engine, "HUNGRY_SECONDS", 1.0)
    one = await room()
    user = await one.user()
    over, waiting = asyncio.Event(), []

    async def crowd():
        while not over.is_set():
            open_now = [audio for audio in waiting if await one.store.read(jobs.open_on, audio.id)]
            for _ in range(4 - len(open_now)):
                waiting.append(await one.sound(user, SLOW, Lane.INTERACTIVE))
            await asyncio.sleep(0.05)

    crowding = asyncio.create_task(crowd())
    await until(lambda: len(waiting) > 4)
    began = time.monotonic()
    batch = await one.sound(user, QUIET)
    assert await ended(one, batch, seconds=15) == [State.COMPLETED]
    assert time.monotonic() - began > 0.5  # it did not jump the queue
    over.set()
    await crowding
    assert (await one.job(batch)).lane is Lane.BATCH
