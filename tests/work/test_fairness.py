"""Who shares a daemon gets a share, and a batch gets on however many wait for an answer."""

import asyncio
from collections import Counter

from engine_room import ON_ALL, QUIET, SLOW, ended, until

from samplemind_daemon.model import Lane, State
from samplemind_daemon.store import jobs
from samplemind_daemon.store.tables import Jobs
from samplemind_daemon.work import lanes

pytestmark = ON_ALL


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


async def test_five_users_get_the_same_though_one_has_most_jobs(room):
    one = await room(workers=2, start=False)
    everyone = [await one.user(f"{name}@example.org") for name in ("ada", "bob", "cy", "di", "ed")]
    heavy, *others = everyone
    sounds = {user: [] for user in everyone}
    for number in range(120):
        sounds[heavy].append(await one.sound(heavy, QUIET))
        if number < 20:
            for user in others:
                sounds[user].append(await one.sound(user, QUIET))
    await one.engine.start()
    await ended(one, *(sounds[user][-1] for user in others), seconds=120)
    served = Counter(await one.store.read(_first_done, 100))
    assert set(served) == set(everyone) and _jain(served.values()) >= 0.95, served


def _first_done(db, many):
    """Whose the jobs were that were over first."""
    over = Jobs.select(Jobs.user).where(Jobs.state == State.COMPLETED).order_by(Jobs.finished_at).limit(many)
    return [job.user for job in over.execute(db)]


def _jain(shares):
    """The fairness index of Jain, Chiu and Hawe (1984): 1 where all get the same."""
    shares = list(shares)
    return sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares))


async def test_a_batch_gets_on_however_many_are_waited_for(room, monkeypatch):
    monkeypatch.setattr(lanes, "HUNGRY_SECONDS", 1.0)
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
    batch = await one.sound(user, QUIET)
    assert await ended(one, batch, seconds=15) == [State.COMPLETED]
    over.set()
    await crowding
    assert (await one.job(batch)).lane is Lane.BATCH
