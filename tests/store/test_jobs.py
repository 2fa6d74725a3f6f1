"""Jobs are done once, by whoever holds the lease, and none is ever lost."""

import asyncio
from datetime import timedelta

import pytest

from samplemind_daemon.model import OPEN, Descriptor, Lane, Media, Problem, Result, State
from samplemind_daemon.store import Store, events, jobs, results, sounds
from samplemind_daemon.store.tables import Jobs

EVERY = tuple(Lane)
CRASH = Problem("WORKER_CRASHED", "The worker died of SIGSEGV.")
MEDIA = Media("wav", "pcm_s16", 44_100, 2, 16, 1.5)
FOUND = [Result("key", 1, "f" * 32, (Descriptor("key.tonic", "A", "", 0.9, "ok", (), "", "key", 1),))]


@pytest.fixture
def claim(store):
    async def claim(*lanes):
        return await store.write(jobs.claim, lanes or EVERY)

    return claim


@pytest.fixture
def later(store):
    """Makes every pause, or every lease, end now."""

    async def later(column):
        await store.write(lambda db: Jobs.update({column: Jobs.created_at}).execute(db))

    return later


async def state(store, job):
    """The state of a job and of its sound, which is the same."""
    now = await store.read(jobs.find, job.user, job.id)
    audio = await store.read(sounds.find, job.user, job.audio)
    assert audio.state is now.state and audio.problem == now.problem
    return now.state


async def test_a_job_is_queued_taken_and_completed_and_each_is_told(store, queued, claim, told):
    job = await queued()
    assert await state(store, job) is State.QUEUED and job.attempts == 0
    lease = await claim()
    assert lease.job.id == job.id and await state(store, job) is State.PROCESSING and lease.job.attempts == 1
    assert await store.write(jobs.complete, lease, MEDIA, FOUND)
    assert await state(store, job) is State.COMPLETED
    assert await store.read(results.of, job.sha256) == FOUND
    assert (await store.read(sounds.find, "ada", job.audio)).media == MEDIA
    assert await told() == ["audio.added", "audio.queued", "audio.processing", "audio.completed"]
    done = await store.read(jobs.find, "ada", job.id)
    assert done.created_at <= done.started_at <= done.finished_at
    assert await claim() is None


async def test_a_sound_has_one_open_job_however_often_it_is_asked_for(store, sound, told):
    audio = await sound()
    made = await asyncio.gather(*(store.write(jobs.add, audio) for _ in range(20)))
    assert len({one.id for one in made}) == 1
    assert await store.read(jobs.count_open, "ada") == 1
    assert await told() == ["audio.added", "audio.queued"]


async def test_the_same_id_again_is_the_same_job_even_when_it_is_done(store, sound, claim):
    audio = await sound()
    first = await store.write(jobs.add, audio, id="j1")
    await store.write(jobs.complete, await claim(), None, [])
    again = await store.write(jobs.add, audio, id="j1")
    assert (again.id, again.state) == (first.id, State.COMPLETED)
    assert (await store.write(jobs.add, audio, id="j2")).state is State.QUEUED


async def test_interactive_jobs_go_before_batches_and_the_oldest_first(queued, claim):
    batch = [await queued() for _ in range(2)]
    interactive = [await queued(lane=Lane.INTERACTIVE) for _ in range(2)]
    taken = [(await claim()).job.id for _ in range(4)]
    assert taken == [one.id for one in interactive + batch]


async def test_a_wish_to_have_it_now_moves_a_waiting_job_ahead(store, queued, claim):
    _, last = await queued(), await queued()
    audio = await store.read(sounds.find, "ada", last.audio)
    assert (await store.write(jobs.add, audio, Lane.INTERACTIVE)).id == last.id
    assert (await claim()).job.id == last.id


async def test_a_batch_wish_does_not_move_an_interactive_job_back(store, queued):
    job = await queued(lane=Lane.INTERACTIVE)
    audio = await store.read(sounds.find, "ada", job.audio)
    assert (await store.write(jobs.add, audio, Lane.BATCH)).lane is Lane.INTERACTIVE


async def test_only_jobs_of_the_asked_lanes_are_taken(queued, claim):
    await queued()
    assert await claim(Lane.INTERACTIVE) is None
    assert (await claim(Lane.BATCH)).job.lane is Lane.BATCH


async def test_how_many_stand_before_a_job_is_known(store, queued, claim):
    first, second = await queued(), await queued()
    now = await queued(lane=Lane.INTERACTIVE)
    assert [await store.read(jobs.ahead, one) for one in (now, first, second)] == [0, 1, 2]
    await claim()
    assert await store.read(jobs.ahead, second) == 1


async def test_a_content_is_never_at_work_twice_and_waits_for_its_turn(store, queued, claim):
    first, same = await queued(content="a"), await queued("bob", content="a")
    other = await queued(content="b")
    lease = await claim()
    assert lease.job.id == first.id
    assert (await claim()).job.id == other.id
    assert await claim() is None
    await store.write(jobs.complete, lease, MEDIA, FOUND)
    assert (await claim()).job.id == same.id


async def test_no_two_of_many_takers_get_the_same_job(store, queued, claim):
    wanted = {(await queued()).id for _ in range(40)}
    others = [Store(store.place) for _ in range(4)]  # as other processes would
    taken = []

    async def take(one):
        while lease := await one.write(jobs.claim, EVERY):
            taken.append(lease.job.id)

    await asyncio.gather(*(take(one) for one in others for _ in range(2)))
    for one in others:
        one.close()
    assert len(taken) == 40 and set(taken) == wanted


async def test_a_lost_lease_writes_nothing(store, queued, claim, told, later):
    job = await queued()
    lost = await claim()
    await later(Jobs.lease_expires_at)
    assert await store.write(jobs.recover) == 1
    held = await claim()
    before = await told()
    for deed in ((jobs.complete, lost, MEDIA, FOUND), (jobs.fail, lost, CRASH), (jobs.crash, lost, CRASH)):
        assert await store.write(*deed) is False
    assert await store.write(jobs.put_back, lost) is False
    assert await state(store, job) is State.PROCESSING and await told() == before
    assert await store.read(results.of, job.sha256) == []
    assert await store.write(jobs.complete, held, MEDIA, FOUND)


async def test_a_job_that_was_ended_cannot_be_ended_again_by_the_same_lease(store, queued, claim, told):
    job = await queued()
    lease = await claim()
    assert await store.write(jobs.fail, lease, Problem("UNDECODABLE", "It holds no sound."))
    before = await told()
    assert await store.write(jobs.complete, lease, MEDIA, FOUND) is False
    assert await state(store, job) is State.FAILED and await told() == before
    assert (await store.read(jobs.find, "ada", job.id)).problem.reason == "UNDECODABLE"


async def test_a_lease_that_is_renewed_is_not_taken_back_and_another_one_is(store, queued, claim, later):
    kept, lost = await queued(), await queued()
    held, _ = await claim(), await claim()
    await later(Jobs.lease_expires_at)
    await store.write(jobs.extend, [held.token])
    assert await store.write(jobs.recover) == 1
    assert await state(store, kept) is State.PROCESSING and await state(store, lost) is State.QUEUED


async def test_a_new_daemon_takes_back_all_that_a_dead_one_had_at_work(store, queued, claim, told):
    made = [await queued() for _ in range(3)]
    leases = [await claim() for _ in range(2)]
    assert await store.write(jobs.recover) == 0  # they have not expired
    assert await store.write(jobs.recover, expired_only=False) == 2
    assert [await state(store, one) for one in made] == [State.QUEUED] * 3
    assert (await told())[-2:] == ["audio.queued", "audio.queued"]
    assert await store.write(jobs.complete, leases[0], MEDIA, FOUND) is False
    again = await claim()
    assert (again.job.id, again.job.attempts) == (made[0].id, 2)


async def test_a_job_that_broke_its_worker_pauses_and_is_quarantined_in_the_end(
    store, queued, claim, told, later
):
    job = await queued()
    for pause in jobs.PAUSES:
        lease = await claim()
        assert await store.write(jobs.crash, lease, CRASH)
        assert await state(store, job) is State.QUEUED and await claim() is None
        due = await store.read(jobs.next_due)
        assert timedelta(0) <= due - lease.job.started_at - pause < timedelta(seconds=5)
        await later(Jobs.not_before)
    assert await store.read(jobs.next_due) is None
    await store.write(jobs.crash, await claim(), CRASH)
    assert await state(store, job) is State.QUARANTINED
    assert (await store.read(jobs.find, "ada", job.id)).problem == CRASH
    assert await claim() is None and (await told())[-1] == "audio.quarantined"


async def test_a_quarantined_sound_can_be_queued_again_with_all_its_tries(store, queued, claim, later):
    job = await queued()
    for _ in range(len(jobs.PAUSES) + 1):
        await store.write(jobs.crash, await claim(), CRASH)
        await later(Jobs.not_before)
    audio = await store.read(sounds.find, "ada", job.audio)
    again = await store.write(jobs.add, audio)
    assert again.id != job.id and await state(store, again) is State.QUEUED
    await store.write(jobs.crash, await claim(), CRASH)
    assert await state(store, again) is State.QUEUED


async def test_a_pausing_job_does_not_hold_up_those_behind_it(store, queued, claim):
    await queued()
    await store.write(jobs.crash, await claim(), CRASH)
    behind = await queued()
    assert (await claim()).job.id == behind.id


async def test_a_job_that_is_put_back_keeps_its_place_and_counts_as_never_started(store, queued, claim):
    job, _ = await queued(), await queued()
    assert await store.write(jobs.put_back, await claim())
    assert await state(store, job) is State.QUEUED
    again = await claim()
    assert (again.job.id, again.job.attempts) == (job.id, 1)


@pytest.mark.parametrize("at_work", [False, True])
async def test_a_cancelled_job_is_ended_and_its_worker_can_keep_nothing(store, queued, claim, told, at_work):
    job = await queued()
    lease = await claim() if at_work else None
    assert (await store.write(jobs.cancel, "ada", job.audio)).state is State.CANCELLED
    assert await state(store, job) is State.CANCELLED and (await told())[-1] == "audio.cancelled"
    if at_work:
        assert await store.write(jobs.complete, lease, MEDIA, FOUND) is False
    assert await claim() is None
    assert await store.write(jobs.cancel, "ada", job.audio) is None


async def test_nobody_sees_or_cancels_another_users_job(store, queued):
    job = await queued("ada")
    assert await store.write(jobs.cancel, "bob", job.audio) is None
    assert await store.read(jobs.find, "bob", job.id) is None
    assert await store.read(jobs.count_open, "bob") == 0
    assert await state(store, job) is State.QUEUED


async def test_a_sound_that_changed_while_it_waited_is_heard_as_it_is_now(store, queued, claim, sound):
    job = await queued(content="a")
    audio = await store.read(sounds.find, "ada", job.audio)
    changed = await sound(content="b")
    await store.write(jobs.add, type(audio)(**{**vars(audio), "sha256": changed.sha256}))
    assert (await claim()).job.sha256 == changed.sha256


async def test_the_latest_job_on_a_sound_is_known_one_by_one_and_together(store, queued, claim):
    made = [await queued() for _ in range(2)]
    for _ in made:
        await store.write(jobs.fail, await claim(), CRASH)
    audio = await store.read(sounds.find, "ada", made[0].audio)
    newer = await store.write(jobs.add, audio)
    assert (await store.read(jobs.latest_on, audio.id)).id == newer.id
    found = await store.read(jobs.latest_on_many, [one.audio for one in made])
    assert {key: job.id for key, job in found.items()} == {audio.id: newer.id, made[1].audio: made[1].id}


async def test_jobs_are_counted_by_state(store, queued, claim):
    for _ in range(3):
        await queued()
    await store.write(jobs.complete, await claim(), None, [])
    await claim()
    assert await store.read(jobs.count_states, "ada") == {"completed": 1, "processing": 1, "queued": 1}
    assert await store.read(jobs.count_open, "ada") == len(OPEN)


async def test_deleting_a_sound_voids_the_lease_on_it(store, queued, claim):
    job = await queued()
    lease = await claim()
    await store.write(sounds.remove, "ada", job.audio)
    assert await store.write(jobs.complete, lease, MEDIA, FOUND) is False
    assert await store.read(results.of, job.sha256) == []
    assert await store.read(jobs.find, "ada", job.id) is None


async def test_what_cannot_be_kept_ends_nothing(store, queued, claim, told):
    job = await queued()
    lease = await claim()
    before = await told()
    never = Descriptor("key.tonic", float("nan"), "", None, "ok", (), "", "key", 1)
    with pytest.raises(ValueError):
        await store.write(jobs.complete, lease, MEDIA, [*FOUND, Result("bad", 1, "", (never,))])
    assert await state(store, job) is State.PROCESSING and await told() == before
    assert await store.read(results.of, job.sha256) == []
    assert (await store.read(sounds.find, "ada", job.audio)).media is None
    assert await store.read(events.bounds, "ada") == (1, len(before))
