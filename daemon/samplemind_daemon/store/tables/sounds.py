"""Sounds, where they lie, what was found in them, and the work on them."""

from peewee import BigIntegerField, BlobField, BooleanField, CharField, CompositeKey, IntegerField, TextField

from samplemind_daemon.store.tables.table import MomentField, Table


class Contents(Table):
    sha256 = CharField(64, primary_key=True)
    size = BigIntegerField()
    media = TextField(null=True)  # JSON, once decoded
    created_at = MomentField()


class Audios(Table):
    id = CharField(36, primary_key=True)
    user = CharField(36)
    name = TextField()
    state = CharField(16)
    state_at = MomentField()
    reason = CharField(64, default="")
    message = TextField(default="")
    size = BigIntegerField()
    sha256 = CharField(64, index=True)
    folder = CharField(36, null=True)
    path = BlobField(null=True)  # bytes: a file name need not be text
    mtime_ns = BigIntegerField(default=0)
    device = BigIntegerField(default=0)
    inode = BigIntegerField(default=0)
    missing_at = MomentField(null=True)
    created_at = MomentField()

    class Meta:
        indexes = (
            (("folder", "path"), True),
            (("user", "created_at", "id"), False),
            (("user", "name", "id"), False),
            (("user", "size", "id"), False),
            (("user", "state_at", "id"), False),
            (("user", "state", "created_at", "id"), False),
            (("user", "sha256"), False),
        )


class Results(Table):
    sha256 = CharField(64)
    analyzer = CharField(64)
    version = IntegerField()
    fingerprint = CharField(32)
    descriptors = TextField()  # JSON, the values of lists left out
    created_at = MomentField()
    lists = TextField(default="{}")  # JSON: those values, by descriptor

    class Meta:
        primary_key = CompositeKey("sha256", "analyzer")


class Jobs(Table):
    id = CharField(36, primary_key=True)
    user = CharField(36)
    audio = CharField(36, index=True)
    open_audio = CharField(36, null=True, unique=True)  # the audio while the job is open: one at a time
    sha256 = CharField(64, index=True)
    state = CharField(16)
    lane = CharField(16)
    attempts = IntegerField(default=0)
    crashes = IntegerField(default=0)  # workers that it broke
    everything = BooleanField(default=False)
    reason = CharField(64, default="")
    message = TextField(default="")
    created_at = MomentField()
    not_before = MomentField()
    started_at = MomentField(null=True)
    finished_at = MomentField(null=True)
    lease = CharField(36, null=True)  # the fencing token
    lease_expires_at = MomentField(null=True)
    turn = BigIntegerField(default=0)  # see turns.py

    class Meta:
        indexes = (
            (("state", "lane", "not_before"), False),
            (("state", "lane", "turn", "not_before"), False),
            (("user", "state", "lane", "turn"), False),
        )


class Events(Table):
    user = CharField(36)
    sequence = BigIntegerField()
    kind = CharField(32)
    at = MomentField(index=True)
    audio = CharField(36, default="")
    job = CharField(36, default="")
    folder = CharField(36, default="")
    name = TextField(default="")
    reason = CharField(64, default="")
    message = TextField(default="")

    class Meta:
        primary_key = CompositeKey("user", "sequence")


class Uploads(Table):
    id = CharField(36, primary_key=True)
    user = CharField(36, index=True)
    name = TextField()
    size = BigIntegerField()
    sha256 = CharField(64)
    audio = CharField(36, null=True)
    created_at = MomentField()
    expires_at = MomentField(index=True)


class Folders(Table):
    id = CharField(36, primary_key=True)
    user = CharField(36)
    path = BlobField()
    state = CharField(16)
    recursive = BooleanField(default=True)
    include = TextField(default="[]")  # JSON
    ignore = TextField(default="[]")  # JSON
    marker = TextField(default="")  # what tells this very folder from another at the same path
    created_at = MomentField()
    write = TextField(
        default=""
    )  # JSON: what is written into its files once they were heard; empty if nothing is
    written_at = MomentField(null=True)  # analyses that ended later are still to be written
    instance = CharField(36, default="")  # the home of the daemon that watches it

    class Meta:
        indexes = ((("user", "instance", "path"), True),)


class Forgotten(Table):
    folder = CharField(36)
    path = BlobField()
    size = BigIntegerField()
    mtime_ns = BigIntegerField()
    device = BigIntegerField()
    inode = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("folder", "path")
