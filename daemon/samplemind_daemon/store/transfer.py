"""All rows of a database, taken into another one of either kind, and the proof that they are the same."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from peewee import AutoField, BooleanField

from samplemind_daemon.store import schema
from samplemind_daemon.store.connection import CannotOpen, Database, Place
from samplemind_daemon.store.opening import opened
from samplemind_daemon.store.tables import ALL

Row = tuple[Any, ...]


class CannotTransfer(CannotOpen):
    """The rows cannot be taken there, or are not the same there; nothing was changed."""


@dataclass(frozen=True)
class Holding:
    """What a table holds: how many rows, and a digest of all of them in the order of their key."""

    table: str
    rows: int
    digest: str  # SHA-256


def transfer(source: Place, target: Place) -> list[Holding]:
    """Take all rows, as of one moment, to a database that has none, in one transaction; what is in it then.

    Raises CannotTransfer where it has some, or where what it took is not what was given; CannotOpen where the
    source is not of today's shape, or one of them cannot be used.
    """
    _expect_current(source)
    schema.migrate(opened(target))
    with closing(opened(source)) as old, closing(opened(target)) as new:
        with old.reading(), new.writing():
            old.take_time()
            new.take_time()
            _expect_empty(new)
            given = [_take(table, old, new) for table in ALL]
            taken = [holding(new, table) for table in ALL]
            if different := [one.table for one, other in zip(given, taken, strict=True) if one != other]:
                raise CannotTransfer(f"{new.name} did not keep what it was given: {', '.join(different)}")
        new.look_over()
    return taken


def refuse_filled(target: Place) -> None:
    """Return if nothing is in a database; CannotTransfer if something is."""
    with closing(opened(target)) as db:
        if db.applied():
            _expect_empty(db)


def holding(db: Database, table: Any) -> Holding:
    """What a table holds; the same in both kinds of database."""
    counted = _Counted()
    for _ in counted.over(_rows(db, table)):
        pass
    return counted.holding(table)


def _take(table: Any, old: Database, new: Database) -> Holding:
    counted, columns = _Counted(), [field.column_name for field in table._meta.sorted_fields]
    new.take_in(table._meta.table_name, columns, counted.over(_rows(old, table)))
    if isinstance(key := table._meta.primary_key, AutoField):
        new.number_on(table._meta.table_name, key.column_name)
    return counted.holding(table)


def _rows(db: Database, table: Any) -> Iterator[Row]:
    """All rows in the order of their key, as both kinds of database keep them."""
    query = table.select().order_by(*table._meta.get_primary_keys())
    flags = {place for place, one in enumerate(table._meta.sorted_fields) if isinstance(one, BooleanField)}
    for row in db.stream(*db.get_sql_context().sql(query).query()):
        yield tuple(_kept(value, place in flags) for place, value in enumerate(row))


def _kept(value: Any, is_flag: bool) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")  # of which PostgreSQL keeps none
    return bool(value) if is_flag and value is not None else value


class _Counted:
    """Rows on their way, counted and digested."""

    def __init__(self) -> None:
        self._rows, self._digest = 0, hashlib.sha256()

    def over(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            self._rows += 1
            self._digest.update(repr(row).encode("utf-8", "surrogatepass"))
            yield row

    def holding(self, table: Any) -> Holding:
        return Holding(table._meta.table_name, self._rows, self._digest.hexdigest())


def _expect_current(source: Place) -> None:
    past, ours = schema.refuse_newer(source), schema.known()
    if past != ours:
        name = opened(source).name
        raise CannotOpen(
            f"the schema of {name} is {past[-1]}, and today's is {ours[-1]}: run samplemindd migrate first"
            if past
            else f"there is no database {name}"
        )


def _expect_empty(db: Database) -> None:
    for table in ALL:
        if table.select().exists(db):
            raise CannotTransfer(
                f"{db.name} is not empty: there are rows in {table._meta.table_name}; give one that is"
            )
