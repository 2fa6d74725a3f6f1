"""A library moves from one kind of database to the other and back, to the last bit, or does not move at all."""

import random
from contextlib import closing

import pytest
from peewee import AutoField, BlobField, BooleanField, FloatField

from samplemind_daemon.store import CannotOpen, Store, tables, transfer
from samplemind_daemon.store.opening import opened
from samplemind_daemon.store.tables import Audios, Vectors, Words

ROWS = 12  # in each table
TEXTS = ("", "a\\b\t\n\r'\"", "ÅB\u0301\U0001f941", "%_\\N", "Zebra", "äpfel", "\ufffd\ufeff")
NUMBERS = (0, -1, 2**53 + 1, 2**63 - 1, -(2**63))
FLOATS = (0.1, -0.0, 1e-308, 1.7976931348623157e308, 5e-324, 440.0)


def some(field, number, chance):
    """A value of a column, another one for each number."""
    if field.null and chance.random() < 0.3:
        return None
    if isinstance(field, BooleanField):
        return bool(number % 2)
    if isinstance(field, FloatField):
        return chance.choice(FLOATS) + number
    if isinstance(field, BlobField):
        return bytes([number, 0, 255]) + chance.randbytes(chance.choice([0, 9, 2_000]))
    if isinstance(field, AutoField):
        return number * 7 + 1
    if field.field_type in ("BIGINT", "INT"):
        is_key = field in field.model._meta.get_primary_keys()
        return number * 10**17 - 3 if is_key else chance.choice(NUMBERS) // (number + 1)
    return f"{number}{chance.choice(TEXTS)}"


def fill(place):
    """Rows in every table, with what is hard to keep."""
    Store(place).migrate()
    chance = random.Random(7)
    with closing(opened(place)) as db, db.writing():
        for table in tables.ALL:
            fields = table._meta.sorted_fields
            rows = (tuple(some(field, number, chance) for field in fields) for number in range(ROWS))
            db.take_in(table._meta.table_name, [field.column_name for field in fields], rows)


def held(place):
    with closing(opened(place)) as db, db.reading():
        return [transfer.holding(db, table) for table in tables.ALL]


def test_every_table_arrives_to_the_last_bit_there_and_back_again(tmp_path, cluster):
    first, there, back = tmp_path / "first.db", cluster.empty(), tmp_path / "back.db"
    fill(first)
    before = held(first)
    assert {one.rows for one in before} == {ROWS}
    assert transfer.transfer(first, there) == before == held(there)
    assert transfer.transfer(there, back) == before == held(back)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_numbers_go_on_where_they_were(tmp_path, cluster, kind):
    first, there = tmp_path / "first.db", cluster.empty()
    fill(first)
    transfer.transfer(first, there)
    target = there
    if kind == "sqlite":
        target = tmp_path / "back.db"
        transfer.transfer(there, target)
    store = Store(target)
    for new in (Vectors.insert(sha256="new"), Words.insert(user="ada", aspect="tag", word="new")):
        assert await store.write(new.execute) == (ROWS - 1) * 7 + 2
    store.close()


def test_what_is_not_empty_is_left_as_it_is(tmp_path, cluster):
    first, there = tmp_path / "first.db", cluster.fresh()
    fill(first)
    with closing(opened(there)) as db:
        db.execute_sql("INSERT INTO plugin_settings VALUES ('key', true)")
    with pytest.raises(CannotOpen, match="is not empty: there are rows in plugin_settings"):
        transfer.transfer(first, there)
    assert sum(one.rows for one in held(there)) == 1


def test_one_row_that_cannot_be_kept_leaves_nothing_of_all_the_others(tmp_path, cluster):
    first, there = tmp_path / "first.db", cluster.empty()
    fill(first)
    with closing(opened(first)) as db:
        db.execute_sql("UPDATE audios SET size = 'much' WHERE id = (SELECT MIN(id) FROM audios)")
    with pytest.raises(Exception, match="much"):
        transfer.transfer(first, there)
    assert sum(one.rows for one in held(there)) == 0


def test_a_database_of_another_shape_is_not_read(tmp_path, cluster):
    with pytest.raises(CannotOpen, match="there is no database"):
        transfer.transfer(tmp_path / "nowhere.db", cluster.empty())
    assert not (tmp_path / "nowhere.db").exists()


def test_text_is_in_the_order_of_its_code_points(tmp_path, cluster):
    first, there = tmp_path / "first.db", cluster.empty()
    fill(first)
    transfer.transfer(first, there)
    names = Audios.select(Audios.name).order_by(Audios.name, Audios.id).tuples()
    orders = []
    for place in (first, there):
        with closing(opened(place)) as db:
            orders.append([name for (name,) in names.clone().execute(db)])
    assert orders[0] == orders[1] == sorted(orders[0], key=str.encode)
