"""The database keeps what it acknowledged, is never half changed, and says so when it cannot be used."""

import asyncio
import sqlite3
import threading
import time

import pytest
from peopled import ONLY_SQLITE

from samplemind_daemon.refusals import Exhausted, Unavailable
from samplemind_daemon.store import CannotOpen, Store, events
from samplemind_daemon.store.database import READERS
from samplemind_daemon.store.opening import opened

COUNT = "SELECT COUNT(*) FROM events"


def settings(db):
    """What protects a commit from a power cut, and rows from orphans, on the connection that runs this."""
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    return [db.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in names], threading.get_ident()


@ONLY_SQLITE
async def test_every_connection_writes_ahead_flushes_fully_and_checks_keys(store):
    meet = threading.Barrier(READERS)

    def read(db):
        meet.wait(10)  # so that every reader's connection is asked
        return settings(db)

    answers = await asyncio.gather(*(store.read(read) for _ in range(READERS)), store.write(settings))
    full = 2  # as SQLite numbers the levels of synchronous
    assert [values for values, _ in answers] == [["wal", full, 1, 15_000]] * (READERS + 1)
    assert len({thread for _, thread in answers}) == READERS + 1
    assert threading.get_ident() not in {thread for _, thread in answers}


async def test_a_deed_that_fails_leaves_nothing_and_tells_nobody(store, sound, told):
    await sound()
    before, woken = await told(), []
    store.on_commit = woken.append

    def fail(db):
        events.record(db, "ada", "audio.added", name="never")
        raise LookupError("in the middle")

    with pytest.raises(LookupError):
        await store.write(fail)
    assert await told() == before and woken == []
    await store.write(events.record, "ada", "audio.added")
    assert (await store.read(events.bounds, "ada"))[1] == len(before) + 1  # no number was used up


async def test_those_who_listen_are_woken_once_what_happened_can_be_read(store, sound, told):
    seen, other = [], opened(store.place)
    store.on_commit = lambda users: seen.append((users, other.execute_sql(COUNT).fetchone()[0]))
    await sound("ada")
    await sound("bob")
    assert seen == [({"ada"}, 1), ({"bob"}, 2)]
    other.close()


async def test_a_caller_that_goes_away_undoes_nothing_and_others_are_still_woken(store, told):
    started, go, woken = threading.Event(), threading.Event(), asyncio.Event()
    store.on_commit = lambda users: woken.set()

    def slowly(db):
        started.set()
        go.wait(10)
        events.record(db, "ada", "audio.added")

    leaving = asyncio.create_task(store.write(slowly))
    await asyncio.to_thread(started.wait, 10)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    go.set()
    await asyncio.wait_for(woken.wait(), 10)
    assert await told() == ["audio.added"]


async def test_a_reader_sees_one_moment_while_others_write(store, sound):
    meet = threading.Barrier(2)

    def look(db):
        first = events.bounds(db, "ada")
        meet.wait(10)  # a sound is added
        meet.wait(10)
        return first, events.bounds(db, "ada")

    looking = asyncio.create_task(store.read(look))
    await asyncio.to_thread(meet.wait, 10)
    await sound()
    await asyncio.to_thread(meet.wait, 10)
    first, second = await looking
    assert first == second == (1, 0)
    assert await store.read(events.bounds, "ada") == (1, 1)


async def test_reading_goes_on_while_somebody_writes(store):
    started, go = threading.Event(), threading.Event()

    def slowly(db):
        started.set()
        go.wait(10)

    writing = asyncio.create_task(store.write(slowly))
    await asyncio.to_thread(started.wait, 10)
    assert await asyncio.wait_for(store.read(events.bounds, "ada"), 5) == (1, 0)
    go.set()
    await writing


async def fill(sound):
    for _ in range(500):
        await sound(name="long " * 1_000)


@ONLY_SQLITE
async def test_a_full_disk_is_said_and_what_was_there_stays(store, sound, told):
    await sound()
    await store.write(lambda db: db.execute_sql("PRAGMA max_page_count = 1"))
    with pytest.raises(Exhausted) as refused:
        await fill(sound)
    assert refused.value.reason == "DISK_FULL" and "full" in refused.value.message
    assert refused.value.retry_seconds > 0
    assert set(await told()) == {"audio.added"}


@ONLY_SQLITE
async def test_a_database_that_somebody_else_holds_is_said_to_be_unavailable(store, sound):
    await store.write(lambda db: db.execute_sql("PRAGMA busy_timeout = 50"))
    other = sqlite3.connect(store.place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked"):
        await sound()
    other.execute("ROLLBACK")
    assert await sound()


async def test_a_mistake_in_a_query_is_not_taken_for_a_full_disk(store):
    with pytest.raises(Exception, match="nowhere") as error:
        await store.write(lambda db: db.execute_sql("SELECT * FROM nowhere"))
    assert not isinstance(error.value, Exhausted | Unavailable)


async def test_closing_waits_for_what_is_running_and_writes_it_into_the_database(tmp_path):
    store = Store(tmp_path / "another.db")
    store.migrate()
    log = tmp_path / "another.db-wal"

    def slowly(db):
        time.sleep(0.2)
        db.execute_sql("INSERT INTO plugin_settings VALUES ('key', 0)")

    running = asyncio.create_task(store.write(slowly))
    await asyncio.sleep(0)
    await asyncio.to_thread(store.close)
    await running
    assert not log.exists() or log.stat().st_size == 0
    assert sqlite3.connect(store.place).execute("SELECT name FROM plugin_settings").fetchall() == [("key",)]


@pytest.mark.parametrize("content", [b"no database at all, but some bytes" * 100, None])
def test_what_is_no_database_is_refused_with_a_sentence(tmp_path, content):
    path = tmp_path / "samplemind.db"
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(CannotOpen, match=r"samplemind\.db cannot be used: "):
        Store(path).migrate()
    assert path.is_dir() or path.read_bytes() == content
