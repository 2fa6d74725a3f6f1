"""Accounts, tokens and keys, between the model and the wire."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from samplemind.v1 import auth_pb2 as pb
from samplemind_daemon.access import Tokens
from samplemind_daemon.model import ApiKey, Role, Scope, User
from samplemind_daemon.refusals import Invalid

ROLES = {Role.OWNER: pb.ROLE_OWNER, Role.MEMBER: pb.ROLE_MEMBER}
SCOPES = {Scope.READ: pb.SCOPE_READ, Scope.ANALYZE: pb.SCOPE_ANALYZE, Scope.ADMIN: pb.SCOPE_ADMIN}
PAGE, LONGEST_PAGE = 100, 1_000  # keys


def user(known: User) -> pb.User:
    """An account, as the account itself may see it."""
    return pb.User(
        id=known.id,
        email=known.email,
        role=ROLES[known.role],
        marks=known.marks,
        created_at=_timestamp(known.created_at),
        has_password=known.has_password,
    )


def tokens(given: Tokens) -> pb.Tokens:
    """A pair of tokens."""
    return pb.Tokens(
        access_token=given.access,
        access_expires_at=_timestamp(given.access_expires_at),
        refresh_token=given.refresh,
        refresh_expires_at=_timestamp(given.refresh_expires_at),
    )


def api_key(key: ApiKey) -> pb.ApiKey:
    """A key without its secret."""
    return pb.ApiKey(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        scope=SCOPES[key.scope],
        created_at=_timestamp(key.created_at),
        expires_at=_timestamp(key.expires_at),
        last_used_at=_timestamp(key.last_used_at),
        revoked_at=_timestamp(key.revoked_at),
    )


def scope(asked: pb.Scope.ValueType) -> Scope:
    """The scope that was asked for; Invalid if none was, or one that this daemon does not know."""
    for ours, theirs in SCOPES.items():
        if asked == theirs:
            return ours
    why = {"scope": f"say read, analyze or admin; {asked} is none of them"}
    raise Invalid("INVALID_API_KEY", "This key cannot be made: its scope was not said.", why)


def expiry(request: pb.CreateApiKeyRequest) -> datetime | None:
    """When a key shall end, None for never; Invalid if that is no moment."""
    if not request.HasField("expires_at"):
        return None
    try:
        return request.expires_at.ToDatetime(UTC)
    except (ValueError, OverflowError):
        why = {"expires_at": "it lies outside the years 1 to 9999"}
        raise Invalid("INVALID_API_KEY", "This key cannot be made: its end is no moment.", why) from None


def page_size(asked: int) -> int:
    """How many keys to list; Invalid for fewer than none."""
    if asked < 0:
        why = {"page_size": f"{asked} is less than nothing"}
        raise Invalid("INVALID_PAGE_SIZE", "A page_size is 0 or more.", why)
    return min(asked or PAGE, LONGEST_PAGE)


def _timestamp(moment: datetime | None) -> Timestamp | None:
    if moment is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp
