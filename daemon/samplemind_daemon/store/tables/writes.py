"""What is written into files, and what tells that sounds are the same."""

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    FloatField,
    IntegerField,
    TextField,
)

from samplemind_daemon.store.tables.table import MomentField, Table


class Writes(Table):
    id = CharField(36, primary_key=True)
    user = CharField(36)
    plan = TextField()  # JSON
    expires_at = MomentField(index=True)
    applied = BooleanField(default=False)


class WriteFiles(Table):
    write = CharField(36)
    place = IntegerField()
    audio = CharField(36)
    folder = CharField(36)
    path = BlobField()
    new_path = BlobField()
    tags = TextField(default="[]")  # JSON: field, before, after
    values = TextField(default="[]")  # JSON: name, value
    sidecar = BlobField(default=b"")
    old_sidecar = BlobField(default=b"")
    sha256 = CharField(64)
    size = BigIntegerField()
    mtime_ns = BigIntegerField()
    inode = BigIntegerField()
    new_sha256 = CharField(64, default="")
    new_size = BigIntegerField(default=0)
    new_mtime_ns = BigIntegerField(default=0)
    new_inode = BigIntegerField(default=0)
    state = CharField(16, index=True)
    reason = CharField(64, default="")
    message = TextField(default="")
    sidecar_sha256 = CharField(64, default="")
    made = TextField(default="[]")  # JSON: folders, as os.fsdecode has them
    kept = BigIntegerField(default=0)  # bytes in <home>/undo

    class Meta:
        primary_key = CompositeKey("write", "place")


class Prints(Table):
    serial = AutoField()
    sha256 = CharField(64, unique=True)
    audio = CharField(64, default="", index=True)  # identity.audio
    print = BlobField(null=True)  # identity.print
    seconds = FloatField(default=0.0)


class PrintWords(Table):
    word = BigIntegerField()  # the low bits of one of its words
    serial = BigIntegerField(index=True)

    class Meta:
        primary_key = CompositeKey("word", "serial")
        without_rowid = True


class PrintTwins(Table):
    serial = BigIntegerField()
    other = BigIntegerField(index=True)  # the same recording; each pair is there once, the lower serial first

    class Meta:
        primary_key = CompositeKey("serial", "other")
        without_rowid = True
