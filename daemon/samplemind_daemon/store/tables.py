"""The tables as they are now. How they came to be is in migrations/; a test keeps the two equal.

No table knows a database: every query is executed on the one that is given to it.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    Field,
    IntegerField,
    Model,
    TextField,
)

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


class Users(Table):
    id = CharField(36, primary_key=True)
    email = CharField(254, unique=True)
    password = TextField(null=True)  # argon2id, encoded
    role = CharField(16)
    marks = TextField(default="[]")  # JSON
    created_at = MomentField()
    disabled = BooleanField(default=False)
    session_version = IntegerField(default=0)  # raised to end every session at once
    event_sequence = BigIntegerField(default=0)  # the last event's number: the one sequencer


class Sessions(Table):
    id = CharField(36, primary_key=True)  # the family of its refresh tokens
    user = CharField(36, index=True)
    created_at = MomentField()
    revoked_at = MomentField(null=True)


class RefreshTokens(Table):
    hash = CharField(64, primary_key=True)
    session = CharField(36, index=True)
    issued_at = MomentField()
    expires_at = MomentField(index=True)
    spent_at = MomentField(null=True)


class OneTimeCodes(Table):
    hash = CharField(64, primary_key=True)
    user = CharField(36)
    expires_at = MomentField()
    used_at = MomentField(null=True)


class ApiKeys(Table):
    id = CharField(36, primary_key=True)
    user = CharField(36, index=True)
    name = CharField(100)
    prefix = CharField(16)
    hash = CharField(64, unique=True)
    scope = CharField(16)
    created_at = MomentField()
    expires_at = MomentField(null=True)
    last_used_at = MomentField(null=True)
    revoked_at = MomentField(null=True)


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

    class Meta:
        indexes = (
            (("state", "lane", "not_before"), False),
            (("user", "state"), False),
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

    class Meta:
        indexes = ((("user", "path"), True),)


class Forgotten(Table):
    folder = CharField(36)
    path = BlobField()
    size = BigIntegerField()
    mtime_ns = BigIntegerField()
    device = BigIntegerField()
    inode = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("folder", "path")


class Answers(Table):
    user = CharField(36)
    request = CharField(36)
    method = CharField(128)
    answer = BlobField()  # the response message
    at = MomentField(index=True)

    class Meta:
        primary_key = CompositeKey("user", "request")


class PluginSettings(Table):
    name = CharField(64, primary_key=True)  # the plugin's
    enabled = BooleanField(default=True)


class AnalyzerSettings(Table):
    name = CharField(64, primary_key=True)  # the analyzer's
    settings = TextField(default="{}")  # JSON by parameter


class Spendings(Table):
    purse = CharField(96)  # whose limit, and which
    slot = BigIntegerField()  # the piece of time, counted in pieces since 1970
    spent = BigIntegerField()
    expires_at = MomentField(index=True)

    class Meta:
        primary_key = CompositeKey("purse", "slot")


class Familiars(Table):
    user = CharField(36)
    place = CharField(64)  # a keyed digest of a network address
    seen_at = MomentField()

    class Meta:
        primary_key = CompositeKey("user", "place")


class Flags(Table):
    name = CharField(64, primary_key=True)
    audience = CharField(16)
    percent = IntegerField()


class FlagOverrides(Table):
    flag = CharField(64)
    user = CharField(36)
    enabled = BooleanField()

    class Meta:
        primary_key = CompositeKey("flag", "user")


class FlagChanges(Table):
    id = CharField(36, primary_key=True)
    flag = CharField(64)
    at = MomentField()
    author = CharField(36)  # the user who made it
    user = CharField(36)  # whom an override is for; empty where it is for all
    before = TextField()
    after = TextField()

    class Meta:
        indexes = ((("flag", "at", "id"), False),)


ALL: tuple[Any, ...] = (
    Users,
    Sessions,
    RefreshTokens,
    OneTimeCodes,
    ApiKeys,
    Contents,
    Audios,
    Results,
    Jobs,
    Events,
    Uploads,
    Folders,
    Forgotten,
    Answers,
    PluginSettings,
    AnalyzerSettings,
    Spendings,
    Familiars,
    Flags,
    FlagOverrides,
    FlagChanges,
)
