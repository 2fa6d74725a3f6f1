"""Daemons on this database."""

from peewee import CharField, TextField

from samplemind_daemon.store.tables.table import MomentField, Table


class Instances(Table):
    id = CharField(36, primary_key=True)  # of its home
    host = CharField(255)
    signing = CharField(64)  # the name of the key that it signs with
    engine = CharField(16)
    blobs = TextField()
    started_at = MomentField()
    seen_at = MomentField(null=True)  # empty once it has ended well
