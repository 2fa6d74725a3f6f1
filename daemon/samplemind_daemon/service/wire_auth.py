"""Accounts, tokens and keys, between the model and the wire."""

from datetime import datetime

from samplemind.v1 import auth_pb2 as pb
from samplemind_daemon.access import Tokens
from samplemind_daemon.model import ApiKey, Role, Scope, Session, User
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.service.moments import moment, timestamp

ROLES = {Role.OWNER: pb.ROLE_OWNER, Role.MEMBER: pb.ROLE_MEMBER}
SCOPES = {Scope.READ: pb.SCOPE_READ, Scope.ANALYZE: pb.SCOPE_ANALYZE, Scope.ADMIN: pb.SCOPE_ADMIN}


def user(known: User) -> pb.User:
    """An account, as the account itself may see it."""
    return pb.User(
        id=known.id,
        email=known.email,
        role=ROLES[known.role],
        marks=known.marks,
        created_at=timestamp(known.created_at),
        has_password=known.has_password,
    )


def tokens(given: Tokens) -> pb.Tokens:
    """A pair of tokens."""
    return pb.Tokens(
        access_token=given.access,
        access_expires_at=timestamp(given.access_expires_at),
        refresh_token=given.refresh,
        refresh_expires_at=timestamp(given.refresh_expires_at),
    )


def session(known: Session, current: str) -> pb.Session:
    """A session, as its user may see it in the session with the id `current`."""
    return pb.Session(
        id=known.id,
        created_at=timestamp(known.created_at),
        last_used_at=timestamp(known.last_used_at),
        expires_at=timestamp(known.expires_at),
        user_agent=known.sign_in.agent,
        place=known.sign_in.place,
        current=known.id == current,
    )


def api_key(key: ApiKey) -> pb.ApiKey:
    """A key without its secret."""
    return pb.ApiKey(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        scope=SCOPES[key.scope],
        created_at=timestamp(key.created_at),
        expires_at=timestamp(key.expires_at),
        last_used_at=timestamp(key.last_used_at),
        revoked_at=timestamp(key.revoked_at),
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
        return moment(request.expires_at)
    except ValueError:
        why = {"expires_at": "it lies outside the years 1 to 9999"}
        raise Invalid("INVALID_API_KEY", "This key cannot be made: its end is no moment.", why) from None
