"""Jobs in the database are taken in the right order, heard once, and kept."""

import asyncio

from engine_room import ON_ALL, QUIET, SLOW, ended, until

from samplemind_daemon.model import Lane, State
from samplemind_daemon.store import jobs

pytestmark = ON_ALL


async def test_a_job_is_heard_and_kept_with_its_media_its_state_and_its_events(room):
    one = await room()
    audio = await one.sound(await one.user(), QUIET, seconds=0.5)
    assert await ended(one, audio) == [State.COMPLETED]
    assert await one.found(audio) == {"level.heard": QUIET, "twice.much": 2 * QUIET, "length.samples": 22_050}
    assert await one.events(audio.user) == [
        "audio.added", "audio.queued", "audio.processing", "audio.completed"
    ]  # fmt: skip
    assert (await one.audio(audio)).media.seconds == 0.5


async def test_jobs_that_were_queued_before_the_start_are_done(room):
    one = await room(start=False)
    audio = await one.sound(await one.user(), QUIET)
    await one.engine.start()
    assert await ended(one, audio) == [State.COMPLETED]


async def test_an_interactive_job_overtakes_thirty_batch_jobs(room):
    one = await room()
    user = await one.user()
    batch = [await one.sound(user, SLOW) for _ in range(30)]
    now = await one.sound(user, QUIET, Lane.INTERACTIVE)
    assert await ended(one, now) == [State.COMPLETED]
    waiting = await one.store.read(jobs.count_states, user)
    assert waiting[State.QUEUED] > 20
    last = await one.queue(batch[-1], Lane.INTERACTIVE)  # the same job, moved ahead
    await ended(one, batch[-1])
    assert (await one.job(batch[-1])).id == last.id
    assert (await one.store.read(jobs.count_states, user))[State.QUEUED] > 15


async def test_as_many_batch_jobs_run_at_a_time_as_there_are_workers_for_them(room):
    one = await room(workers=2)
    user = await one.user()
    for _ in range(8):
        await one.sound(user, SLOW)
    most = 0
    async with asyncio.timeout(20):
        while (count := await one.store.read(jobs.count_states, user)).get(State.COMPLETED, 0) < 8:
            most = max(most, count.get(State.PROCESSING, 0))
            await asyncio.sleep(0.02)
    assert most == 2


async def test_a_content_is_heard_once_however_many_sounds_have_it(room):
    one = await room(workers=2)
    ada, bob = await one.user(), await one.user("bob@example.org")
    twins = [await one.sound(user, SLOW, seconds=0.5) for user in (ada, ada, bob)]
    assert await ended(one, *twins) == [State.COMPLETED] * 3
    assert one.heard() == [SLOW]
    assert [await one.found(twin) for twin in twins[1:]] == [await one.found(twins[0])] * 2


async def test_what_is_fresh_is_not_heard_again_unless_everything_is_wanted(room):
    one = await room()
    audio = await one.sound(await one.user(), QUIET)
    await ended(one, audio)
    await one.queue(audio)
    await ended(one, audio)
    assert one.heard() == [QUIET]
    await one.queue(audio, everything=True)
    await ended(one, audio)
    assert one.heard() == [QUIET, QUIET]


async def test_a_file_that_cannot_be_heard_fails_with_a_reason_and_a_sentence(room):
    one = await room()
    user = await one.user()
    broken = await one.sound(user, data=b"this is no sound")
    fine = await one.sound(user, QUIET)
    assert await ended(one, broken, fine) == [State.FAILED, State.COMPLETED]
    job = await one.job(broken)
    assert job.attempts == 1 and job.problem.reason == "UNDECODABLE" and "this is" in job.problem.message
    assert (await one.audio(broken)).problem == job.problem


async def test_a_hundred_sounds_of_two_users_are_all_done_and_none_is_heard_twice(room):
    one = await room(workers=2)
    users = [await one.user(), await one.user("bob@example.org")]
    audios = [await one.sound(users[number % 2], QUIET) for number in range(100)]
    assert set(await ended(one, *audios, seconds=60)) == {State.COMPLETED}
    assert len(one.heard()) == 100
    assert {(await one.job(audio)).attempts for audio in audios} == {1}
    await until(lambda: one.crew.status().busy == 0)
