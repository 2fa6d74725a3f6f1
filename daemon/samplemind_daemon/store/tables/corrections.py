"""What users say of their sounds."""

from peewee import CharField, CompositeKey, TextField

from samplemind_daemon.store.tables.table import MomentField, Table


class Corrections(Table):
    audio = CharField(36)
    name = CharField(64)  # the descriptor's
    user = CharField(36)
    value = TextField()  # JSON
    at = MomentField()

    class Meta:
        primary_key = CompositeKey("audio", "name")
