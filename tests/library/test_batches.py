"""A batch has one outcome for each of its sounds."""

import asyncio
from uuid import uuid4

import pytest
from engine_room import QUIET, SPIN, ended, until

from samplemind_daemon.library.batches import LARGEST
from samplemind_daemon.model import Lane, State
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.store import jobs


async def all_of(outcomes):
    return [outcome async for outcome in outcomes]


async def test_each_sound_of_a_batch_has_one_outcome_as_it_is_done(room):
    one = await room(workers=2)
    user, other = await one.user(), await one.user("bob@example.org")
    fresh = await one.sound(user, QUIET)
    await ended(one, fresh)
    waiting = [await one.sound(user, QUIET, lane=None) for _ in range(10)]
    broken = await one.sound(user, lane=None, data=b"this is no sound")
    foreign = await one.sound(other, QUIET, lane=None)
    ids = [fresh.id, *(audio.id for audio in waiting), broken.id, foreign.id, "no id at all", fresh.id]
    async with asyncio.timeout(20):
        outcomes = await all_of(one.batches.analyze(user, ids))
    by_id = {outcome.audio: outcome for outcome in outcomes}
    assert len(outcomes) == len(by_id) == 14
    assert {by_id[audio.id].job.state for audio in (fresh, *waiting)} == {State.COMPLETED}
    assert {by_id[audio.id].job.lane for audio in waiting} == {Lane.BATCH}
    assert by_id[broken.id].job.problem.reason == "UNDECODABLE"
    for unknown in (foreign.id, "no id at all"):
        assert by_id[unknown].job is None and by_id[unknown].problem.reason == "AUDIO_NOT_FOUND"
    assert await one.job(foreign) is None


async def test_a_batch_that_is_asked_for_again_after_a_break_does_nothing_twice(room):
    one = await room()
    user, request = await one.user(), str(uuid4())
    audios = [await one.sound(user, lane=None, data=b"no sound %d" % number) for number in range(3)]
    ids = [audio.id for audio in audios]
    outcomes = one.batches.analyze(user, ids, request)
    first = await anext(outcomes)
    await outcomes.aclose()
    again = await all_of(one.batches.analyze(user, ids, request))
    assert {outcome.audio for outcome in again} == set(ids)
    assert first in again and {outcome.job.attempts for outcome in again} == {1}
    assert {outcome.job.id for outcome in again} == {(await one.job(audio)).id for audio in audios}


async def test_an_end_that_nobody_told_of_is_found_out(room, monkeypatch):
    monkeypatch.setattr("samplemind_daemon.library.batches.LOOK_SECONDS", 0.1)
    one = await room()
    audio = await one.sound(await one.user(), SPIN)
    following = asyncio.create_task(all_of(one.batches.analyze(audio.user, [audio.id])))
    await until(lambda: SPIN in one.heard())
    await one.store.write(jobs.cancel, audio.user, audio.id)  # past the engine
    async with asyncio.timeout(5):
        [outcome] = await following
    assert outcome.job.state is State.CANCELLED


@pytest.mark.parametrize("count", [0, LARGEST + 1])
async def test_a_batch_is_neither_empty_nor_without_bounds(room, count):
    one = await room(start=False)
    with pytest.raises(Invalid, match="batch") as refused:
        await all_of(one.batches.analyze(await one.user(), [str(uuid4()) for _ in range(count)]))
    assert "audio_ids" in refused.value.fields
