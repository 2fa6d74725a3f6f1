"""What every table is made of."""

from datetime import UTC, datetime, timedelta

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
    class Meta:
        legacy_table_names = False
