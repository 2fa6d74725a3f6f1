"""What happened is told once, in order, and without a gap, and a kind that was not asked for is passed over."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from samplemind_daemon.model import Problem
from samplemind_daemon.store import Store, events
from samplemind_daemon.store.moments import now


@pytest.fixture
def record(store):
    async def record(*kinds, user="ada"):
        for kind in kinds:
            await store.write(events.record, user, kind)

    return record


async def numbers(store, user):
    found, _ = await store.read(events.after, user, 0, (), 10_000)
    return [one.sequence for one in found]


async def test_eight_writers_at_once_leave_no_gap_and_no_number_is_given_twice(store):
    writers = [Store(store.place) for _ in range(8)]  # each with a connection of its own

    async def write(one, user):
        for _ in range(25):
            await one.write(events.record, user, "audio.added")

    seen, reading = [], asyncio.create_task(follow(store, "ada", 100))
    await asyncio.gather(*(write(one, user) for one, user in zip(writers, ["ada", "bob"] * 4, strict=True)))
    seen = await asyncio.wait_for(reading, 10)
    for one in writers:
        one.close()
    assert await numbers(store, "ada") == await numbers(store, "bob") == list(range(1, 101))
    assert seen == list(range(1, 101))  # by somebody who read along from the last one seen


async def follow(store, user, until):
    seen, last = [], 0
    while last < until:
        found, last = await store.read(events.after, user, last)
        seen += [one.sequence for one in found]
        await asyncio.sleep(0)
    return seen


async def test_a_transaction_that_fails_leaves_no_event_and_uses_no_number(store, record):
    await record("audio.added")

    def fail(db):
        events.record(db, "ada", "audio.queued")
        events.record(db, "bob", "audio.queued")
        raise OSError

    with pytest.raises(OSError):
        await store.write(fail)
    await record("audio.completed")
    assert await numbers(store, "ada") == [1, 2] and await numbers(store, "bob") == []


async def test_an_event_says_what_it_was_about(store, sound):
    audio = await sound(folder="f1")
    await store.write(events.record, "ada", "audio.failed", audio, problem=Problem("EMPTY", "No sound."))
    [added, failed], last = await store.read(events.after, "ada", 0)
    assert (added.kind, added.audio, added.name, added.folder) == ("audio.added", audio.id, audio.name, "f1")
    assert failed.problem == Problem("EMPTY", "No sound.") and added.problem is None
    assert (added.sequence, failed.sequence, last) == (1, 2, 2)
    assert datetime.now(UTC) - timedelta(minutes=1) < added.at <= failed.at


async def test_reading_goes_on_after_the_last_one_seen(store, record):
    await record(*["audio.added"] * 5)
    first, last = await store.read(events.after, "ada", 0, (), 2)
    assert ([one.sequence for one in first], last) == ([1, 2], 2)
    rest, last = await store.read(events.after, "ada", last, (), 200)
    assert ([one.sequence for one in rest], last) == ([3, 4, 5], 5)
    assert await store.read(events.after, "ada", last) == ([], 5)


async def test_only_kinds_that_were_asked_for_are_told_and_the_cursor_passes_the_others(store, record):
    await record("audio.added", "folder.added", "audio.queued", "plugin.changed", "audio_x", "folder.removed")
    asked = {
        ("audio.",): [1, 3],
        ("folder.added",): [2],
        ("audio.queued", "plugin."): [3, 4],
        ("folder.",): [2, 6],
        ("aud_o.",): [],
        ("%",): [],
        (): [1, 2, 3, 4, 5, 6],
    }
    for kinds, expected in asked.items():
        found, last = await store.read(events.after, "ada", 0, kinds)
        assert ([one.sequence for one in found], last) == (expected, 6), kinds


async def test_a_cursor_never_passes_an_event_that_was_asked_for(store, record):
    await record("audio.added", "folder.added", "audio.added", "audio.added")
    found, last = await store.read(events.after, "ada", 0, ("audio.",), 2)
    assert ([one.sequence for one in found], last) == ([1, 3], 3)


async def test_nobody_is_told_of_anothers_things(store, record):
    await record("audio.added", "audio.added")
    await record("audio.added", user="bob")
    assert await numbers(store, "ada") == [1, 2] and await numbers(store, "bob") == [1]


async def test_old_events_are_forgotten_and_the_numbers_go_on(store, record):
    await record(*["audio.added"] * 3)
    moment = datetime.now(UTC)
    await record("audio.queued")
    assert await store.read(events.bounds, "ada") == (1, 4)
    assert await store.write(events.forget, moment, 2) == 2
    assert await store.read(events.bounds, "ada") == (3, 4)
    assert await store.write(events.forget, moment) == 1
    assert await store.write(events.forget, datetime.now(UTC)) == 1
    assert await store.read(events.bounds, "ada") == (5, 4)
    await record("audio.added")
    assert await store.read(events.bounds, "ada") == (5, 5)
    assert await store.read(events.bounds, "nobody") == (1, 0)


async def test_what_is_kept_has_no_gap_even_where_the_clock_was_set_back(store, monkeypatch):
    for days in (0, 40, 0):
        monkeypatch.setattr(events, "now", lambda days=days: now() + timedelta(days=days))
        await store.write(events.record, "ada", "plugin.changed")
    assert await store.write(events.forget, now() + timedelta(days=1)) == 1
    found, _ = await store.read(events.after, "ada", 0)
    assert [one.sequence for one in found] == [2, 3]
