"""Who follows misses nothing, hears nothing twice, and waits for nobody."""

import asyncio
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest

from samplemind_daemon.library import following as module
from samplemind_daemon.library import tail
from samplemind_daemon.library.following import Following
from samplemind_daemon.refusals import Compacted, Exhausted, Invalid, Unavailable
from samplemind_daemon.store import events, sounds
from samplemind_daemon.store.moments import now


@pytest.fixture
def following(store, settings):
    following = Following(store, settings)
    store.on_commit = following.wake
    return following


@pytest.fixture
def happen(store):
    """Makes so many things happen to a user."""

    async def happen(count=1, user="ada", kind="audio.added"):
        def record(db):
            for _ in range(count):
                events.record(db, user, kind, name=str(uuid4()))

        await store.write(record)

    return happen


@asynccontextmanager
async def followed(following, user="ada", cursor="", kinds=()):
    """A stream that has begun, and the cursor that it began at."""
    async with aclosing(following.subscribe(user, cursor, kinds)) as stream:
        first, event = await anext(stream)
        assert event is None
        yield stream, first


async def take(stream, count):
    """The next events, heartbeats left out: their numbers and kinds."""
    taken = []
    async with asyncio.timeout(10):
        while len(taken) < count:
            _, event = await anext(stream)
            if event is not None:
                taken.append((event.sequence, event.kind))
    return taken


async def test_from_now_on_means_from_now_on(following, happen):
    await happen(3)
    async with followed(following) as (stream, _):
        await happen(2)
        assert [number for number, _ in await take(stream, 2)] == [4, 5]


async def test_zero_means_all_that_is_kept(following, happen, store):
    await happen(500)
    async with followed(following, cursor="0") as (stream, _):
        assert [number for number, _ in await take(stream, 500)] == list(range(1, 501))
    await store.write(events.forget, now() + timedelta(1), 100)
    async with followed(following, cursor="0") as (stream, _):
        assert [number for number, _ in await take(stream, 400)] == list(range(101, 501))


async def test_each_message_says_where_to_go_on(following, happen):
    await happen(3)
    async with followed(following, cursor="0") as (stream, start):
        cursors = [start] + [(await anext(stream))[0] for _ in range(3)]
    for number, cursor in enumerate(cursors):
        async with followed(following, cursor=cursor) as (stream, begun):
            assert begun == cursor
            await happen()
            assert (await take(stream, 1))[0][0] == number + 1


async def test_only_the_kinds_asked_for_come_and_heartbeats_pass_over_the_others(following, happen):
    async with followed(following, kinds=["folder.", "audio.failed"]) as (stream, start):
        for kind in (
            "audio.added",
            "folder.added",
            "audio.failed",
            "audio.failed.not",
            "folder.removed",
            "audio.added",
        ):
            await happen(kind=kind)
        assert await take(stream, 3) == [(2, "folder.added"), (3, "audio.failed"), (5, "folder.removed")]
        cursor, event = await anext(stream)
        assert event is None and cursor.startswith("6.") and cursor != start


async def test_a_quiet_stream_beats_and_so_does_one_whose_kinds_never_come(following, happen, settings):
    loop = asyncio.get_running_loop()
    async with followed(following, kinds=["folder.added"]) as (stream, _):

        async def chatter():
            while True:
                await happen()
                await asyncio.sleep(settings.heartbeat_seconds / 10)

        talking = asyncio.create_task(chatter())
        start = loop.time()
        async with asyncio.timeout(20 * settings.heartbeat_seconds):
            beats = [(await anext(stream))[1] for _ in range(3)]
        talking.cancel()
        assert beats == [None] * 3 and loop.time() - start >= 2.5 * settings.heartbeat_seconds


async def test_nobody_hears_of_anothers_things(following, happen):
    async with followed(following, user="bob") as (stream, _):
        await happen(3)
        await happen(user="bob")
        assert await take(stream, 1) == [(1, "audio.added")]


@pytest.mark.parametrize(
    "cursor", ["x", "1", "-1", "00", "4.00000000", "4.{mark}", " 3.{mark}", "3.{mark}\n", "x" * 10_000]
)
async def test_a_cursor_that_was_never_given_is_refused(following, happen, cursor):
    await happen(3)
    _, good, _ = await following.list("ada", "", (), 10)
    bad = cursor.replace("{mark}", good.partition(".")[2])
    for deed in (following.list("ada", bad, (), 10), anext(following.subscribe("ada", bad, ()))):
        with pytest.raises(Invalid) as refused:
            await deed
        assert refused.value.reason == "INVALID_CURSOR"


async def test_a_cursor_of_another_user_is_none(following, happen):
    await happen(3)
    await happen(3, user="bob")
    _, cursor, _ = await following.list("ada", "", (), 10)
    with pytest.raises(Invalid):
        await following.list("bob", cursor, (), 10)


async def test_a_cursor_too_far_back_is_refused_with_the_earliest_one(following, happen, store):
    await happen(5)
    _, cursor, _ = await following.list("ada", "", (), 1)
    await store.write(events.forget, now() + timedelta(1), 3)
    for deed in (following.list("ada", cursor, (), 10), anext_but_first(following, cursor)):
        with pytest.raises(Compacted) as refused:
            await deed
        assert refused.value.reason == "CURSOR_COMPACTED"
    earliest = refused.value.facts["earliest_cursor"]
    assert earliest in refused.value.message
    found, _, _ = await following.list("ada", earliest, (), 10)
    assert [event.sequence for event in found] == [4, 5]


async def anext_but_first(following, cursor):
    async with followed(following, cursor=cursor) as (stream, _):
        await anext(stream)


async def test_who_reads_too_slowly_is_told_and_never_skips_unseen(following, happen, store):
    await happen(300)
    async with followed(following, cursor="0") as (stream, _):
        assert len(await take(stream, 100)) == 100  # one page is in its hands
        await store.write(events.forget, now() + timedelta(1), 250)
        assert [number for number, _ in await take(stream, 100)] == list(range(101, 201))
        with pytest.raises(Compacted):
            await take(stream, 1)


async def test_a_slow_reader_keeps_nobody_waiting(following, happen):
    async with followed(following), followed(following) as (quick, _):
        for _ in range(5):
            await happen(200)
            assert len(await take(quick, 200)) == 200


async def test_who_falls_behind_what_is_at_hand_misses_nothing(following, happen, monkeypatch):
    monkeypatch.setattr(tail, "MOST", 50)
    async with followed(following) as (slow, _), followed(following) as (quick, _):
        for count in (1, 30, 30, 300, 1):
            await happen(count)
            assert len(await take(quick, count)) == count
        assert [number for number, _ in await take(slow, 362)] == list(range(1, 363))
        await happen(2)
        assert await take(slow, 2) == await take(quick, 2)


async def test_a_list_goes_on_where_the_page_before_ended(following, happen):
    await happen(25)
    seen, cursor, more = [], "", True
    while more:
        found, cursor, more = await following.list("ada", cursor, (), 10)
        seen.append([event.sequence for event in found])
    assert seen == [list(range(1, 11)), list(range(11, 21)), list(range(21, 26))]
    await happen()
    found, _, more = await following.list("ada", cursor, (), 10)
    assert [event.sequence for event in found] == [26] and not more


@pytest.mark.parametrize(
    "kinds", [[""], ["audio"], ["%."], ["audio.added' OR 1"], ["A.b"], ["audio.added"] * 33]
)
async def test_what_is_no_kind_is_refused(following, kinds):
    with pytest.raises(Invalid) as refused:
        await following.list("ada", "", kinds, 10)
    assert refused.value.reason == "INVALID_KIND"


async def test_a_user_has_so_many_streams_at_most(following, monkeypatch):
    monkeypatch.setattr(module, "MOST_STREAMS", 2)
    async with followed(following), followed(following), followed(following, user="bob"):
        assert following.subscribers == 3
        with pytest.raises(Exhausted):
            await anext(following.subscribe("ada", "", ()))
    assert following.subscribers == 0
    async with followed(following):
        pass


async def test_streams_end_when_the_daemon_does(following):
    async with followed(following) as (stream, _):
        waiting = asyncio.create_task(anext(stream))
        await asyncio.sleep(0.05)
        following.close()
        with pytest.raises(Unavailable):
            await asyncio.wait_for(waiting, 1)


async def test_reconnecting_again_and_again_misses_nothing_and_repeats_nothing(following, happen):
    async def bustle():
        for number in range(300):
            await happen(1 + number % 3)

    async def reader(patience):
        seen, cursor = [], "0"
        while len(seen) < 600:
            async with followed(following, cursor=cursor) as (stream, _):
                for _ in range(min(patience, 600 - len(seen))):
                    cursor, event = await anext(stream)
                    seen += [] if event is None else [event.sequence]
        return seen

    bustling = asyncio.create_task(bustle())
    async with asyncio.timeout(60):
        for seen in await asyncio.gather(*(reader(patience) for patience in (1, 2, 7, 50, 1_000))):
            assert seen == list(range(1, 601))
    await bustling


async def test_an_event_wakes_its_followers_at_once(following, store, settings):
    settings = settings.model_copy(update={"heartbeat_seconds": 3_600.0})
    patient = Following(store, settings)
    store.on_commit = patient.wake
    async with followed(patient) as (stream, _):
        await store.write(sounds.add, "ada", str(uuid4()), "a.wav", 1, "a" * 64)
        assert await take(stream, 1) == [(1, "audio.added")]
