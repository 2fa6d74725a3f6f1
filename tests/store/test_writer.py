"""Deeds that wait together share the wait for the disk, and nothing else."""

import asyncio
import threading
from contextlib import asynccontextmanager

import pytest
from peewee import fn

from samplemind_daemon.store import events
from samplemind_daemon.store.opening import opened
from samplemind_daemon.store.tables import Events
from samplemind_daemon.store.writer import MOST_TOGETHER


@asynccontextmanager
async def held(store):
    """The writer at a deed of its own, while others come; the commits that it makes from then on."""
    started, go, commits = threading.Event(), threading.Event(), []

    def hold(db):
        commit = db.commit
        db.commit = lambda: commits.append(commit())
        started.set()
        go.wait(30)

    holding = asyncio.create_task(store.write(hold))
    await asyncio.to_thread(started.wait, 30)
    yield commits
    go.set()
    await holding


async def together(store, deeds):
    """What came of deeds that waited at the same time, and how many commits it took."""
    async with held(store) as commits:
        asked = [asyncio.create_task(store.write(deed)) for deed in deeds]
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    return outcomes, len(commits)


def record(name):
    def deed(db):
        events.record(db, "ada", "audio.added", name=name)
        return name

    return deed


def fail(db):
    events.record(db, "ada", "audio.added", name="never")
    raise LookupError("in the middle")


def lose_all(db):
    db.execute_sql("ROLLBACK")  # as SQLite itself does where the disk is full
    raise LookupError("and all is undone")


async def names(store):
    return [event.name for event in (await store.read(events.after, "ada", 0))[0]]


async def test_deeds_that_wait_together_are_committed_together_and_in_their_order(store):
    given = [f"{number}" for number in range(20)]
    outcomes, commits = await together(store, [record(name) for name in given])
    assert outcomes == given == await names(store)
    assert commits == 2  # that of the deed before them, and theirs


async def test_a_transaction_holds_so_many_deeds_and_no_more(store):
    _, commits = await together(store, [record("one of many")] * (2 * MOST_TOGETHER + 1))
    assert commits == 1 + 3
    assert len(await names(store)) == 2 * MOST_TOGETHER + 1


async def test_a_deed_that_fails_undoes_none_of_those_beside_it_and_uses_up_no_number(store):
    outcomes, commits = await together(store, [record("before"), fail, record("after")])
    assert outcomes[::2] == ["before", "after"] == await names(store)
    assert isinstance(outcomes[1], LookupError) and commits == 2
    found, reached = await store.read(events.after, "ada", 0)
    assert [event.sequence for event in found] == [1, 2] and reached == 2


async def test_where_all_is_undone_each_is_done_alone_and_once(store):
    outcomes, commits = await together(store, [record("before"), lose_all, record("after")])
    assert outcomes[::2] == ["before", "after"] == await names(store)
    assert isinstance(outcomes[1], LookupError) and commits == 1 + 2


async def test_what_is_answered_has_been_committed(store):
    async def ask(name):
        await store.write(record(name))
        return other.execute(Events.select(fn.COUNT(Events.name)).where(Events.name == name)).fetchone()[0]

    other = opened(store.place)
    assert await asyncio.gather(*(ask(f"{number}") for number in range(50))) == [1] * 50
    other.close()


async def test_those_who_listen_hear_of_all_whose_things_changed_and_of_no_failure(store):
    woken = []
    store.on_commit = woken.append

    def other(db):
        events.record(db, "bob", "audio.added")

    def fail_of(db):
        events.record(db, "eve", "audio.added")
        raise LookupError("never mind")

    await together(store, [record("one"), other, fail_of])
    assert woken == [{"ada", "bob"}]


async def test_an_error_of_whoever_listens_keeps_nobody_waiting(store):
    def stumble(users):
        raise RuntimeError("a listener's own")

    store.on_commit = stumble
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    async with asyncio.timeout(30):
        assert await store.write(record("kept")) == "kept"


async def test_a_loop_that_is_gone_stops_no_writing(store):
    def leave():
        async def ask():
            leaving = asyncio.create_task(store.write(record("left behind")))
            await asyncio.sleep(0)
            leaving.cancel()

        asyncio.run(ask())

    async with held(store):
        await asyncio.to_thread(leave)
    async with asyncio.timeout(30):
        await store.write(record("after"))
    assert await names(store) == ["left behind", "after"]


@pytest.mark.parametrize("many", [1, 3])
async def test_what_goes_wrong_is_said_to_whoever_asked(store, many):
    outcomes, _ = await together(store, [fail] * many)
    assert [type(outcome) for outcome in outcomes] == [LookupError] * many
    assert await names(store) == []
