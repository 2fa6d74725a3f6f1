"""Queries that are run very often: their SQL is made once, which takes several times as long as running it."""

import json
from collections import namedtuple
from datetime import datetime
from typing import Any

from peewee import BooleanField, Select, Value

from samplemind_daemon.store.connection import Database
from samplemind_daemon.store.dialect import POSTGRESQL, is_one_of, rows_in
from samplemind_daemon.store.tables import MomentField

_MOMENT = MomentField()
_CONVERTED = (MomentField, BooleanField)  # the other kinds of columns are read as they are kept


class _Name(str):
    """Of a value that is not there yet."""


class _ListName(_Name):
    """Of a list, to be looked up in."""


class Given(Value):
    """Stands in a query for a value that comes when it is run, by this name."""

    def __init__(self, name: str, kind: type[_Name] = _Name) -> None:
        super().__init__(kind(name), converter=False)  # it is no value that a column could convert


def rows_of(name: str, *columns: Any) -> Any:
    """A query of what is in the list that comes by this name: of each row `part` says what it has."""
    return Select([rows_in(Given(name))], columns)


def among(column: Any, name: str) -> Any:
    """Whether a column is in the list that comes by this name."""
    return is_one_of(column, Given(name, _ListName))


class Prepared:
    """A query of peewee in which a `Given` stands for each value that comes when it is run."""

    def __init__(self, query: Any) -> None:
        self._query = query
        self._made: dict[str, tuple[str, list[Any]]] = {}  # by the kind of the database
        columns = getattr(query, "_returning", None) or ()
        self._row = _row_of([column.name for column in columns])
        self._converted = [
            (place, column.python_value)
            for place, column in enumerate(columns)
            if isinstance(column, _CONVERTED)
        ]

    def run(self, db: Database, **given: Any) -> int:
        """Change what the query changes; how many rows it were."""
        return int(self._execute(db, given).rowcount)

    def rows(self, db: Database, **given: Any) -> list[Any]:
        """What the query finds: rows whose columns have their names."""
        return [self._read(values) for values in self._execute(db, given)]

    def row(self, db: Database, **given: Any) -> Any | None:
        """The first that the query finds, if any."""
        values = self._execute(db, given).fetchone()
        return None if values is None else self._read(values)

    def _execute(self, db: Database, given: dict[str, Any]) -> Any:
        made = self._made.get(db.kind)
        if made is None:
            made = self._made[db.kind] = db.get_sql_context().sql(self._query).query()
        sql, values = made
        return db.execute_sql(sql, [_value(one, given, db.kind) for one in values])

    def _read(self, values: tuple[Any, ...]) -> Any:
        if not self._converted:
            return self._row._make(values)
        read = list(values)
        for place, convert in self._converted:
            read[place] = convert(read[place])
        return self._row._make(read)


def _row_of(names: list[str]) -> Any:
    kind: Any = namedtuple  # which columns there are is not known to a checker of types
    return kind("Row", names)


def _value(one: Any, given: dict[str, Any], kind: str) -> Any:
    """A value of a statement as the database takes it."""
    if not isinstance(one, _Name):
        return one
    value = given[one]
    if isinstance(value, list):
        is_array = kind == POSTGRESQL and isinstance(one, _ListName)
        return value if is_array else json.dumps(value, ensure_ascii=False)
    return _MOMENT.db_value(value) if isinstance(value, datetime) else value
