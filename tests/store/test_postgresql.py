"""What is PostgreSQL's own: its tables, its troubles, and connections that are lost."""

import asyncio
import threading
from contextlib import closing

import pytest

from samplemind_daemon.refusals import Exhausted, Unavailable
from samplemind_daemon.store import CannotOpen, Store, events, tables
from samplemind_daemon.store.opening import opened
from samplemind_daemon.store.schema import known
from samplemind_daemon.store.tables import Events

NOBODY = "postgresql://nobody:secret@127.0.0.1:1/samplemind"
COLUMNS = """
SELECT column_name, data_type, collation_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s
"""
KINDS = {"VARCHAR": "text", "TEXT": "text", "INT": "bigint", "BIGINT": "bigint", "AUTO": "bigint",
         "REAL": "double precision", "FLOAT": "double precision", "BLOB": "bytea", "BOOL": "boolean"}  # fmt: skip
OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()
"""


@pytest.fixture
def place(cluster):
    return cluster.fresh()


def name_of(place):
    return place.rpartition("/")[2]


def record(db, name="one"):
    events.record(db, "ada", "audio.added", name=name)
    return name


def complain(state):
    """A deed that the database breaks off with this SQLSTATE the first time; how often it was begun."""
    begun = []

    def deed(db):
        begun.append(None)
        if len(begun) == 1:
            db.execute_sql(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")
        return record(db)

    return deed, begun


async def names(store):
    return [event.name for event in (await store.read(events.after, "ada", 0))[0]]


def test_the_tables_are_as_they_are_declared_with_wide_numbers_and_text_in_the_order_of_code_points(place):
    with closing(opened(place)) as db:
        for table in tables.ALL:
            found = {name: rest for name, *rest in db.execute_sql(COLUMNS, (table._meta.table_name,))}
            wanted = {one.column_name: KINDS[one.field_type] for one in table._meta.sorted_fields}
            assert {name: kind for name, (kind, _) in found.items()} == wanted, table
            assert {order for kind, order in found.values() if kind == "text"} <= {"C"}, table


def test_starters_at_once_take_turns(cluster):
    place, said = cluster.empty(), []

    def start():
        with closing(Store(place)) as store:
            said.append(store.migrate())

    starters = [threading.Thread(target=start) for _ in range(4)]
    for one in starters:
        one.start()
    for one in starters:
        one.join(60)
    assert sorted(said) == [[], [], [], known()]


def test_a_newer_database_is_refused_with_a_sentence(place, cluster):
    cluster.do("INSERT INTO schema_migration (name, applied) VALUES ('9000_colours', now())", name_of(place))
    with pytest.raises(CannotOpen, match="was written by a newer SampleMind: its schema is 9000_colours"):
        Store(place).migrate()


def test_a_server_that_is_not_there_is_named_without_its_password():
    with pytest.raises(CannotOpen) as refused:
        Store(NOBODY).migrate()
    assert str(refused.value).startswith(
        "the database postgresql://nobody@127.0.0.1:1/samplemind cannot be used"
    )
    assert "secret" not in str(refused.value)


def test_a_database_of_other_texts_is_refused(cluster):
    cluster.do("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(CannotOpen, match="its encoding is SQL_ASCII, not UTF8"):
        Store(cluster.url("ascii")).migrate()


async def test_a_connection_that_was_lost_meanwhile_is_opened_again_and_nobody_notices(store, place, cluster):
    store.warm()
    for name in ("one", "two", "three"):
        await store.write(record, name)
        cluster.do(OTHERS, name_of(place))
    assert await asyncio.gather(*(names(store) for _ in range(8))) == [["one", "two", "three"]] * 8


@pytest.mark.parametrize("many", [1, 5])
async def test_what_was_under_way_when_the_connection_was_lost_is_refused_and_not_done_twice(
    store, place, cluster, many
):
    def lose(db):
        record(db, "lost")
        cluster.do(OTHERS, name_of(place))
        return record(db, "lost")

    asked = [store.write(lose), *(store.write(record, "beside") for _ in range(many - 1))]
    came = await asyncio.gather(*asked, return_exceptions=True)
    refused = [one for one in came if isinstance(one, Unavailable)]
    assert isinstance(came[0], Unavailable) and all(one.retry_seconds > 0 for one in refused)
    assert await store.write(record, "after") == "after"
    assert await names(store) == ["beside"] * (many - len(refused)) + ["after"]


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_a_deed_that_another_was_in_the_way_of_is_done_again(store, state):
    deed, begun = complain(state)
    assert await store.write(deed) == "one" and len(begun) == 2
    assert await names(store) == ["one"]


@pytest.mark.parametrize("state", ["57P01", "57P03", "53300", "57014", "55P03", "25006", "08006"])
async def test_a_server_that_cannot_serve_now_is_said_to_be_unavailable(store, state):
    deed, _ = complain(state)
    with pytest.raises(Unavailable) as refused:
        await store.write(deed)
    assert refused.value.reason == "STORE_UNAVAILABLE" and refused.value.retry_seconds > 0
    assert await store.write(deed) == "one" and await names(store) == ["one"]


async def test_a_full_disk_of_the_server_is_said(store):
    deed, _ = complain("53100")
    with pytest.raises(Exhausted) as refused:
        await store.write(deed)
    assert refused.value.reason == "DISK_FULL"


async def test_too_many_connections_are_a_refusal_and_no_bug(store, place, cluster):
    cluster.do("CREATE ROLE few LOGIN CONNECTION LIMIT 1")
    cluster.do("GRANT ALL ON ALL TABLES IN SCHEMA public TO few", name_of(place))
    with closing(Store(place.replace("postgres@", "few@"))) as other:
        await other.write(record)
        with pytest.raises(Unavailable, match="too many connections"):
            await other.read(events.bounds, "ada")
        assert await other.write(record) == "one"


async def test_a_nul_is_kept_as_the_sign_for_what_nobody_knows(store):
    await store.write(record, "a\0b")
    assert await names(store) == ["a\ufffdb"]
    found = await store.read(lambda db: Events.select().where(Events.name == "a\0b").count(db))
    assert found == 1


async def test_deeds_of_several_daemons_happen_one_after_the_other(store, place):
    others = [Store(place) for _ in range(4)]
    await asyncio.gather(*(one.write(record, f"{number}") for number in range(20) for one in others))
    found, last = await store.read(events.after, "ada", 0)
    assert [one.sequence for one in found] == list(range(1, 81)) and last == 80
    for one in others:
        one.close()
