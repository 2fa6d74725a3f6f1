"""Users take turns, however many jobs each of them has waiting."""

from datetime import timedelta
from itertools import groupby

import pytest

from samplemind_daemon.model import Lane, Place, Problem, Role
from samplemind_daemon.store import arrivals, folders, jobs, sounds, turns, users
from samplemind_daemon.store.arrivals import Arrival
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.tables import Jobs


@pytest.fixture
def taken(store):
    """Takes so many jobs; whose they were."""

    async def taken(count, *lanes):
        return [(await store.write(jobs.claim, lanes or tuple(Lane))).job.user for _ in range(count)]

    return taken


async def test_few_jobs_stand_beside_many_that_were_there_before(queued, taken):
    for _ in range(40):
        await queued()
    assert await taken(10) == ["ada"] * 10
    for _ in range(5):
        await queued("bob")
    assert (await taken(10)).count("bob") == 5
    assert await taken(25) == ["ada"] * 25


async def test_users_come_one_after_the_other_in_each_lane(queued, taken):
    for user in ("ada", "bob"):
        for lane in Lane:
            for _ in range(3):
                await queued(user, lane)
    assert await taken(12) == ["ada", "bob"] * 6


async def test_who_was_away_gets_nothing_for_it(queued, taken):
    for _ in range(20):
        await queued()
    await taken(10)
    for _ in range(20):
        await queued("bob")
    assert sorted(await taken(10)) == ["ada"] * 5 + ["bob"] * 5


async def test_a_job_that_broke_its_worker_lets_nobody_ahead_of_its_user(store, queued, taken):
    for _ in range(30):
        await queued()
    lease = await store.write(jobs.claim, tuple(Lane))
    await taken(20)
    await store.write(jobs.crash, lease, Problem("WORKER_CRASHED", "The worker died."))
    await store.write(lambda db: Jobs.update(not_before=Jobs.created_at).execute(db))
    for _ in range(10):
        await queued("bob")
    assert (await taken(1)) == ["ada"]  # its second try comes soon
    assert sorted(await taken(8)) == ["ada"] * 4 + ["bob"] * 4


async def test_files_that_arrive_together_take_turns_with_another_users(store, queued, taken, tmp_path):
    folder = await store.write(folders.add, "ada", "f", str(tmp_path).encode(), True, (), ())
    come = [
        Arrival(Place("", f"{number}.wav".encode(), 1, 0, 0, number, None), f"{number}.wav", f"{number:064x}")
        for number in range(1_000, 1_100)
    ]
    await store.write(arrivals.add, "ada", folder.id, come)
    for _ in range(4):
        await queued("bob")
    assert await taken(10) == ["ada", "bob"] * 4 + ["ada"] * 2


async def test_a_job_that_becomes_interactive_takes_its_turn_there(store, queued, taken):
    jobs_of_ada = [await queued() for _ in range(10)]
    waits = await queued("bob", Lane.INTERACTIVE)
    audio = await store.read(sounds.find, "ada", jobs_of_ada[-1].audio)
    await store.write(jobs.add, audio, Lane.INTERACTIVE)
    for _ in range(3):
        await queued("ada", Lane.INTERACTIVE)
    assert await store.read(jobs.ahead, waits) <= 1
    assert (await taken(2)).count("bob") == 1 and await taken(4) == ["ada"] * 4


async def test_five_users_get_the_same_though_one_has_most_jobs(store):
    everyone = ["ada", "bob", "cy", "di", "ed"]

    def queue(db):
        for user in everyone[2:]:
            users.add(db, user, f"{user}@example.org", None, Role.MEMBER, now())
        for user in everyone:
            for number in range(400 if user == "ada" else 45):
                id = f"{user}-{number}"
                jobs.add(db, sounds.add(db, user, id, "a.wav", 1, id.rjust(64, "0")))

    def serve(db):
        return [jobs.claim(db, tuple(Lane)).job.user for _ in range(200)]

    await store.write(queue)
    served = await store.write(serve)
    shares = [served.count(user) for user in everyone]
    jain = sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares))
    assert jain >= 0.95 and max(len(list(run)) for _, run in groupby(served)) == 1


async def test_how_many_stand_before_a_job_counts_turns(store, queued):
    for _ in range(20):
        await queued()
    of_bob = [await queued("bob") for _ in range(3)]
    assert [await store.read(jobs.ahead, one) for one in of_bob] == [1, 3, 5]


async def test_jobs_that_are_not_due_hold_no_turn_back(store, queued):
    first = await queued()
    for _ in range(4):
        await queued()
    later = Jobs.update(not_before=first.created_at + timedelta(hours=1))
    await store.write(lambda db: later.where(Jobs.id == first.id).execute(db))
    assert await store.read(turns.current, Lane.BATCH) == 1
    assert await store.read(turns.following, "bob", Lane.BATCH) == 1
