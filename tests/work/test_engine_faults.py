"""Whatever breaks costs what it must, and nothing else."""

import asyncio
import time
from contextlib import closing
from datetime import timedelta

import pytest
from engine_room import KILL, ON_ALL, QUIET, SEGV, SLOW, SPIN, ended, until
from structlog.testing import capture_logs

from samplemind_daemon.model import Lane, State
from samplemind_daemon.store import jobs
from samplemind_daemon.store.opening import opened
from samplemind_daemon.work.live import Ended

pytestmark = ON_ALL


@pytest.fixture
def impatient(monkeypatch):
    """Pauses after a crash that a test can wait for."""
    monkeypatch.setattr(jobs, "PAUSES", (timedelta(seconds=0.05), timedelta(seconds=0.1)))


async def begun(room, level):
    await until(lambda: level in room.heard())


async def test_cancel_reaches_a_spinning_worker_within_a_second_and_its_seat_serves_again(room):
    one = await room()
    user = await one.user()
    spinning = await one.sound(user, SPIN)
    await begun(one, SPIN)
    next_one = await one.sound(user, QUIET)
    moment = time.monotonic()
    job = await one.engine.cancel(user, spinning.id)
    assert time.monotonic() - moment < 1.0
    assert job.state is State.CANCELLED and await one.state(spinning) is State.CANCELLED
    assert await ended(one, next_one) == [State.COMPLETED]
    assert await one.found(spinning) == {}


async def test_a_job_that_is_cancelled_before_its_work_has_begun_leaves_its_seat_to_others(room):
    one = await room()
    user = await one.user()
    audios = [await one.sound(user, SPIN)]
    await begun(one, SPIN)
    audios += [await one.sound(user, SPIN) for _ in range(5)]
    for audio in audios:  # the next one is taken in the moment in which it is cancelled, too
        await asyncio.gather(one.engine.cancel(user, audio.id), asyncio.sleep(0))
    assert await ended(one, await one.sound(user, QUIET)) == [State.COMPLETED]


async def test_a_waiting_job_can_be_cancelled_and_only_by_whose_it_is(room):
    one = await room(start=False)
    user = await one.user()
    audio = await one.sound(user, QUIET)
    assert await one.engine.cancel(await one.user("bob@example.org"), audio.id) is None
    assert (await one.engine.cancel(user, audio.id)).state is State.CANCELLED
    assert await one.engine.cancel(user, audio.id) is None


async def test_a_file_that_crashes_its_worker_costs_three_attempts_and_itself_only(room, impatient):
    one = await room()
    user = await one.user()
    with capture_logs() as logs:
        harmful = await one.sound(user, SEGV)
        others = [await one.sound(user, QUIET) for _ in range(4)]
        states = await ended(one, harmful, *others)
    assert states == [State.QUARANTINED, *[State.COMPLETED] * 4]
    job = await one.job(harmful)
    assert job.attempts == 3 and job.problem.reason == "WORKER_DIED" and "SIGSEGV" in job.problem.message
    assert one.heard().count(SEGV) == 3
    assert len([log for log in logs if "about to fall" in log.get("stderr", "")]) == 3


async def test_a_quarantined_sound_waits_until_it_is_queued_again_on_purpose(room, impatient):
    one = await room()
    audio = await one.sound(await one.user(), KILL)
    assert await ended(one, audio) == [State.QUARANTINED]
    await one.queue(audio)
    assert await ended(one, audio) == [State.QUARANTINED]
    assert one.heard().count(KILL) == 6


async def test_a_worker_that_is_stuck_is_ended_and_the_sound_tried_again(room, impatient):
    one = await room(grace_seconds=0.3, pace=0.1)
    user = await one.user()
    stuck, fine = await one.sound(user, SPIN), await one.sound(user, QUIET)
    assert await ended(one, stuck, fine) == [State.QUARANTINED, State.COMPLETED]
    assert (await one.job(stuck)).problem.reason == "WORKER_STUCK"


async def test_what_a_dead_daemon_left_in_work_is_finished_by_the_next(room, graceless, monkeypatch):
    one = await room(workers=2, start=False)
    user = await one.user()
    audios = [await one.sound(user, QUIET) for _ in range(6)]
    with monkeypatch.context() as long_ago:
        long_ago.setattr(jobs, "LEASE", timedelta(seconds=-1))
        for _ in range(3):  # a daemon took these, and the power went
            assert await one.store.write(jobs.claim, list(Lane))
    await one.engine.start()
    assert await ended(one, *audios) == [State.COMPLETED] * 6
    assert sorted([(await one.job(audio)).attempts for audio in audios]) == [1, 1, 1, 2, 2, 2]


async def test_a_job_whose_lease_is_lost_writes_nothing(room):
    one = await room()
    user = await one.user()
    audio = await one.sound(user, SLOW)
    await begun(one, SLOW)
    await one.store.write(jobs.recover, False)  # taken away, ...
    await one.store.write(jobs.cancel, user, audio.id)  # ... and ended by somebody else
    await until(lambda: one.crew.status().busy == 0)
    await asyncio.sleep(0.2)
    assert await one.found(audio) == {} and await one.state(audio) is State.CANCELLED
    assert (await one.events(user)).count("audio.completed") == 0


async def test_leases_are_renewed_for_as_long_as_a_sound_is_heard(room, hasty):
    one = await room()
    audio = await one.sound(await one.user(), SPIN)
    await begun(one, SPIN)
    await asyncio.sleep(1)
    job = await one.job(audio)
    assert job.state is State.PROCESSING and job.attempts == 1


async def test_an_expired_lease_is_taken_up_again_without_a_restart(room, hasty):
    one = await room()
    audio = await one.sound(await one.user(), QUIET, lane=None)
    job = await one.store.write(jobs.add, audio)
    lease = await one.store.write(jobs.claim, list(Lane))  # by a holder that is never heard of again
    assert lease.job.id == job.id
    assert await ended(one, audio) == [State.COMPLETED]
    assert (await one.job(audio)).attempts == 2


async def test_draining_waits_for_what_is_at_work_and_takes_nothing_new(room):
    one = await room()
    user = await one.user()
    working, waiting = await one.sound(user, SLOW), await one.sound(user, QUIET)
    await begun(one, SLOW)
    await one.engine.drain(10)
    assert [await one.state(audio) for audio in (working, waiting)] == [State.COMPLETED, State.QUEUED]


async def test_draining_puts_back_what_takes_too_long_and_does_not_count_the_attempt(room):
    one = await room()
    audio = await one.sound(await one.user(), SPIN)
    await begun(one, SPIN)
    moment = time.monotonic()
    await one.engine.drain(0.2)
    assert time.monotonic() - moment < 2
    job = await one.job(audio)
    assert job.state is State.QUEUED and job.attempts == 0


async def test_a_store_that_fails_for_a_while_stops_nothing(room):
    one = await room()
    user = await one.user()
    await ended(one, await one.sound(user, QUIET))
    late = await one.sound(user, QUIET, lane=None)
    job = await one.store.write(jobs.add, late)
    with capture_logs() as logs, closing(opened(one.store.place)) as other:
        other.execute_sql("ALTER TABLE jobs RENAME TO hidden")
        one.engine.wake()
        await until(lambda: any("no job could be" in log["event"] for log in logs))
        other.execute_sql("ALTER TABLE hidden RENAME TO jobs")
    one.engine.wake()
    assert await ended(one, late) == [State.COMPLETED]
    assert (await one.job(late)).id == job.id


async def test_followers_learn_of_every_end(room, impatient):
    one = await room()
    user = await one.user()
    for level in (QUIET, KILL):
        audio = await one.sound(user, level, lane=None)
        with one.engine.follow(audio.id) as follower:
            await one.queue(audio)
            said = []
            while not said or said[-1] != Ended():
                said.append(await follower.next(10))
            assert None not in said
