"""What every table is made of."""

from datetime import UTC, datetime, timedelta
from typing import Any

from peewee import Field, Model

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MomentField(Field):
    """A point in time, kept as whole microseconds since 1970 UTC: alike in every database."""

    field_type = "BIGINT"

    def db_value(self, value: datetime | None) -> int | None:
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def python_value(self, value: int | None) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Table(Model):
    @classmethod
    def put(cls, **row: Any) -> Any:
        """A query that keeps a row in place of the one with the same key, if there is one."""
        key = [field.name for field in cls._meta.get_primary_keys()]
        others = [field for field in cls._meta.sorted_fields if field.name not in key]
        return cls.insert(**row).on_conflict(conflict_target=key, preserve=others)

    class Meta:
        legacy_table_names = False
