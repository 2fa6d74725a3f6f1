"""To ask for an analysis is to follow it to its end, whoever queued it and however it ends."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from engine_room import KILL, QUIET, SLOW, SPIN, ended, until

from samplemind_daemon.library.analyses import Analysis, Queued
from samplemind_daemon.model import Lane, Result, State
from samplemind_daemon.refusals import Exhausted, NotFound, Unavailable, Untimely
from samplemind_daemon.store import jobs, sounds
from samplemind_daemon.store.sounds import Listing
from samplemind_daemon.work.live import Hearing


async def all_of(updates):
    return [update async for update in updates]


async def test_an_analysis_is_queued_heard_found_and_told_as_a_whole(room):
    one = await room()
    audio = await one.sound(await one.user(), SLOW, lane=None)
    said = await all_of(one.analyses.analyze(audio.user, audio.id))
    kinds = [type(update) for update in said]
    assert list(dict.fromkeys(kinds)) == [Queued, Hearing, Result, Analysis]
    assert said[0].ahead == 0 and said[0].job.lane is Lane.INTERACTIVE
    assert [update.analyzer for update in said if isinstance(update, Result)] == ["length", "level", "twice"]
    assert said[-1].audio.state is said[-1].job.state is State.COMPLETED
    assert set(said[-1].results) == {update for update in said if isinstance(update, Result)}


async def test_what_is_known_and_fresh_is_answered_at_once_without_a_job(room):
    one = await room()
    audio = await one.sound(await one.user(), QUIET)
    await ended(one, audio)
    before = await one.job(audio)
    said = await all_of(one.analyses.analyze(audio.user, audio.id))
    assert [type(update) for update in said] == [Result, Result, Result, Analysis]
    assert said[-1].job == before and one.heard() == [QUIET]


async def test_a_job_that_is_open_is_followed_and_moved_ahead(room):
    one = await room()
    user = await one.user()
    batch = [await one.sound(user, SLOW) for _ in range(12)]
    last = await one.job(batch[-1])
    said = await all_of(one.analyses.analyze(user, batch[-1].id))
    assert said[-1].job.id == last.id and said[-1].audio.state is State.COMPLETED
    assert (await one.store.read(jobs.count_states, user))[State.QUEUED] > 5


async def test_two_who_ask_at_once_share_one_job(room):
    one = await room()
    audio = await one.sound(await one.user(), SLOW, lane=None)
    both = await asyncio.gather(*(all_of(one.analyses.analyze(audio.user, audio.id)) for _ in range(2)))
    assert both[0][-1] == both[1][-1] and one.heard() == [SLOW]


async def test_who_leaves_does_not_end_the_job(room):
    one = await room()
    audio = await one.sound(await one.user(), SLOW, lane=None)
    updates = one.analyses.analyze(audio.user, audio.id)
    assert isinstance(await anext(updates), Queued)
    await updates.aclose()
    assert await ended(one, audio) == [State.COMPLETED]


async def test_a_sound_that_cannot_be_heard_ends_with_its_problem(room):
    one = await room()
    audio = await one.sound(await one.user(), lane=None, data=b"this is no sound")
    *_, last = await all_of(one.analyses.analyze(audio.user, audio.id))
    assert last.audio.state is State.FAILED and last.audio.problem.reason == "UNDECODABLE"
    assert last.results == ()


async def test_a_cancelled_analysis_ends_for_all_who_follow_it(room):
    one = await room()
    audio = await one.sound(await one.user(), SPIN)
    following = asyncio.create_task(all_of(one.analyses.analyze(audio.user, audio.id)))
    await until(lambda: SPIN in one.heard())
    job = await one.analyses.cancel(audio.user, audio.id)
    async with asyncio.timeout(1):
        *_, last = await following
    assert last.audio.state is State.CANCELLED and last.job.id == job.id
    assert await one.analyses.cancel(audio.user, audio.id) == last.job


async def test_a_sound_that_is_deleted_ends_the_stream(room):
    one = await room()
    audio = await one.sound(await one.user(), SPIN)
    following = asyncio.create_task(all_of(one.analyses.analyze(audio.user, audio.id)))
    await until(lambda: SPIN in one.heard())
    await one.store.write(sounds.remove, audio.user, audio.id)
    await one.engine.cancel(audio.user, audio.id)
    with pytest.raises(NotFound):
        await following


async def test_nobody_sees_or_touches_what_is_another_ones(room):
    one = await room()
    audio, bob = await one.sound(await one.user(), QUIET), await one.user("bob@example.org")
    for deed in (
        lambda: all_of(one.analyses.analyze(bob, audio.id)),
        lambda: one.analyses.get(bob, audio.id),
        lambda: one.analyses.cancel(bob, audio.id),
        lambda: one.analyses.reanalyze(bob, audio.id, str(uuid4()), False),
    ):
        with pytest.raises(NotFound):
            await deed()
    assert [one async for one in one.analyses.page(bob, Listing(), 10)] == []


async def test_a_quarantined_sound_is_answered_as_it_is_until_it_is_analysed_again_on_purpose(
    room, monkeypatch
):
    monkeypatch.setattr(jobs, "PAUSES", (timedelta(0), timedelta(0)))
    one = await room()
    audio = await one.sound(await one.user(), KILL)
    assert await ended(one, audio) == [State.QUARANTINED]
    [only] = await all_of(one.analyses.analyze(audio.user, audio.id))
    assert only.audio.state is State.QUARANTINED and only.job.problem.reason == "WORKER_DIED"
    await one.analyses.reanalyze(audio.user, audio.id, str(uuid4()), False)
    assert await ended(one, audio) == [State.QUARANTINED] and one.heard() == [KILL] * 6


async def test_the_same_request_again_does_nothing_twice(room):
    one = await room()
    audio = await one.sound(await one.user(), lane=None, data=b"this is no sound")
    request, another = str(uuid4()), str(uuid4())
    first = await all_of(one.analyses.analyze(audio.user, audio.id, request))
    again = await all_of(one.analyses.analyze(audio.user, audio.id, request))
    assert again == [first[-1]]
    fresh = await all_of(one.analyses.analyze(audio.user, audio.id, another))
    assert fresh[-1].job.id != first[-1].job.id
    with pytest.raises(Untimely, match=request):
        await all_of(one.batches.analyze(audio.user, [audio.id], request))


async def test_reanalyze_makes_what_is_stale_and_everything_only_where_that_is_asked(room):
    one = await room()
    audio = await one.sound(await one.user(), QUIET)
    await ended(one, audio)
    id = str(uuid4())
    job = await one.analyses.reanalyze(audio.user, audio.id, id, False)
    assert job.id == id and await one.analyses.reanalyze(audio.user, audio.id, id, False) == job
    await ended(one, audio)
    assert one.heard() == [QUIET]
    await one.analyses.reanalyze(audio.user, audio.id, str(uuid4()), True)
    await ended(one, audio)
    assert one.heard() == [QUIET, QUIET]


async def test_past_the_most_jobs_nothing_more_is_queued(room):
    one = await room(most=2, start=False)
    user = await one.user()
    audios = [await one.sound(user, QUIET, lane=None) for _ in range(3)]
    for audio in audios[:2]:
        await one.analyses.reanalyze(user, audio.id, str(uuid4()), False)
    for deed in (
        lambda: one.analyses.reanalyze(user, audios[2].id, str(uuid4()), False),
        lambda: all_of(one.analyses.analyze(user, audios[2].id)),
        lambda: all_of(one.batches.analyze(user, [audios[2].id])),
    ):
        with pytest.raises(Exhausted, match="At most 2"):
            await deed()
    assert await one.job(audios[2]) is None


async def test_a_daemon_that_goes_down_tells_those_who_follow(room):
    one = await room()
    audio = await one.sound(await one.user(), SPIN)
    waiting = [
        asyncio.create_task(all_of(one.analyses.analyze(audio.user, audio.id))),
        asyncio.create_task(all_of(one.batches.analyze(audio.user, [audio.id]))),
    ]
    await until(lambda: SPIN in one.heard())
    one.engine.let_go()
    for one_of_them in waiting:
        with pytest.raises(Unavailable):
            async with asyncio.timeout(1):
                await one_of_them


async def test_a_sound_that_was_never_queued_cannot_be_cancelled(room):
    one = await room()
    audio = await one.sound(await one.user(), lane=None)
    with pytest.raises(Untimely, match="never been queued"):
        await one.analyses.cancel(audio.user, audio.id)


async def test_a_page_of_analyses_is_as_long_as_asked_and_read_in_order(room):
    one = await room(start=False)
    user = await one.user()
    audios = [await one.sound(user, QUIET) for _ in range(45)]
    listing = Listing(order="created_at", descending=False)
    found = [analysis async for analysis in one.analyses.page(user, listing, 43)]
    assert [analysis.audio.id for analysis in found] == [audio.id for audio in audios[:43]]
    assert all(analysis.job.state is State.QUEUED for analysis in found)


async def test_what_the_file_says_belongs_to_its_name_and_is_known_before_it_is_heard(room):
    one = await room()
    user = await one.user()
    first, second = await one.sound(user, QUIET), await one.sound(user, SLOW, lane=None)
    await one.store.write(sounds.rename, user, first.id, "Loop_128bpm.wav")
    await one.store.write(sounds.rename, user, second.id, "Pad_Am.wav")
    await ended(one, first)
    said = (await one.analyses.get(user, first.id)).results[-1]
    assert (said.analyzer, said.fingerprint) == ("file", "")
    assert {found.name: found.value for found in said.descriptors} == {"file.kind": "loop", "file.bpm": 128.0}
    page = [analysis async for analysis in one.analyses.page(user, Listing((), "name", False, None), 10)]
    assert [[result.analyzer for result in analysis.results] for analysis in page] == [
        ["length", "level", "twice", "file"], ["file"],
    ]  # fmt: skip
    streamed = await all_of(one.analyses.analyze(user, first.id))
    assert streamed[-2] == said
