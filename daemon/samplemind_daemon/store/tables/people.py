"""Who may come in, and how much of what they may do is left."""

from peewee import BigIntegerField, BlobField, BooleanField, CharField, CompositeKey, IntegerField, TextField

from samplemind_daemon.store.tables.table import MomentField, Table


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
    last_used_at = MomentField(null=True)
    place = CharField(64, null=True)  # that it was signed in from
    agent = CharField(200, null=True)  # what the client said that it is


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


class Familiars(Table):
    user = CharField(36)
    place = CharField(64)  # a keyed digest of a network address
    seen_at = MomentField()

    class Meta:
        primary_key = CompositeKey("user", "place")


class Spendings(Table):
    purse = CharField(96)  # whose limit, and which
    slot = BigIntegerField()  # the piece of time, counted in pieces since 1970
    spent = BigIntegerField()
    expires_at = MomentField(index=True)

    class Meta:
        primary_key = CompositeKey("purse", "slot")


class Answers(Table):
    user = CharField(36)
    request = CharField(36)
    method = CharField(128)
    answer = BlobField()  # the response message
    at = MomentField(index=True)

    class Meta:
        primary_key = CompositeKey("user", "request")
