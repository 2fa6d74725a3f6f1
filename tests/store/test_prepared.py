"""A prepared query finds what the same query finds when it is made anew."""

from datetime import UTC, datetime

from samplemind_daemon.store.dialect import part
from samplemind_daemon.store.prepared import Given, Prepared, among, rows_of
from samplemind_daemon.store.tables import Users

MOMENT = datetime(2026, 3, 1, 12, 0, 0, 123_456, tzinfo=UTC)


async def test_values_come_when_it_is_run_and_rows_have_names_and_types(store):
    query = Prepared(Users.select().where((Users.id == Given("id")) & (Users.disabled == Given("out"))))
    await store.write(lambda db: Users.update(created_at=MOMENT).where(Users.id == "ada").execute(db))
    row = await store.read(query.row, id="ada", out=False)
    assert (row.id, row.created_at, row.disabled, row.password) == ("ada", MOMENT, False, None)
    assert await store.read(query.row, id="ada", out=True) is None
    assert [row.id for row in await store.read(query.rows, id="bob", out=False)] == ["bob"]


async def test_a_moment_is_given_as_the_table_keeps_it(store):
    later = Prepared(Users.select(Users.id).where(Users.created_at > Given("moment")).order_by(Users.id))
    assert [row.id for row in await store.read(later.rows, moment=datetime(2000, 1, 1, tzinfo=UTC))] == [
        "ada",
        "bob",
    ]
    assert await store.read(later.rows, moment=datetime(2100, 1, 1, tzinfo=UTC)) == []


async def test_what_changes_rows_says_how_many(store):
    rename = Prepared(
        Users.update(email=Given("email"), created_at=Given("at")).where(Users.id == Given("id"))
    )
    assert await store.write(rename.run, id="ada", email="new@example.org", at=MOMENT) == 1
    assert await store.write(rename.run, id="nobody", email="x", at=MOMENT) == 0
    found = await store.read(Prepared(Users.select().where(Users.id == Given("id"))).row, id="ada")
    assert (found.email, found.created_at) == ("new@example.org", MOMENT)


async def test_a_list_is_given_as_one_value_however_long_it_is(store):
    query = Prepared(Users.select(Users.id).where(among(Users.id, "ids")).order_by(Users.id))
    many = ["bob", "ada", 'no"body', *map(str, range(5_000))]
    assert [row.id for row in await store.read(query.rows, ids=many)] == ["ada", "bob"]
    assert await store.read(query.rows, ids=[]) == []


async def test_a_list_of_lists_is_rows_whose_parts_are_text_or_numbers(store):
    listed = Prepared(rows_of("said", part(0, is_number=True).alias("number"), part(1).alias("word")))
    said = [[2**40, "a"], [7, "\U0001f941"], [-1, 'ö\n"']]
    assert [[row.number, row.word] for row in await store.read(listed.rows, said=said)] == said
