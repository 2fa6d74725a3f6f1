"""Who calls, and the sessions and keys of an account."""

from dataclasses import dataclass
from datetime import datetime

from samplemind.v1 import auth_pb2 as pb
from samplemind_client.values.moment import known_moment, moment, word


@dataclass(frozen=True)
class User:
    """An account; `role` is "owner" or "member"."""

    id: str
    email: str
    role: str
    marks: tuple[str, ...]
    created_at: datetime
    has_password: bool


@dataclass(frozen=True)
class Me:
    """Who is calling; `scope` is "read", "analyze" or "admin", each holding those before it."""

    user: User
    scope: str


@dataclass(frozen=True)
class OpenSession:
    """A sign-in that has not ended; None is what the daemon does not know of it.

    `place` is an address, of IPv6 the network; `user_agent` what the client said that it is; `current` whether it is
    the caller's own.
    """

    id: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime
    user_agent: str | None
    place: str | None
    current: bool


@dataclass(frozen=True)
class Key:
    """An API key; `secret` is "" but in the answer that made the key."""

    id: str
    name: str
    prefix: str
    scope: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    secret: str = ""


def read_user(message: pb.User) -> User:
    """The account in a message."""
    return User(
        id=message.id,
        email=message.email,
        role=word(pb.Role.DESCRIPTOR, message.role, "ROLE_"),
        marks=tuple(message.marks),
        created_at=known_moment(message.created_at),
        has_password=message.has_password,
    )


def read_me(message: pb.GetMeResponse) -> Me:
    """The caller in a message."""
    return Me(read_user(message.user), word(pb.Scope.DESCRIPTOR, message.scope, "SCOPE_"))


def read_session(message: pb.Session) -> OpenSession:
    """The session in a message."""
    return OpenSession(
        id=message.id,
        created_at=known_moment(message.created_at),
        last_used_at=moment(message, "last_used_at"),
        expires_at=known_moment(message.expires_at),
        user_agent=message.user_agent if message.HasField("user_agent") else None,
        place=message.place if message.HasField("place") else None,
        current=message.current,
    )


def read_key(message: pb.ApiKey, secret: str = "") -> Key:
    """The key in a message."""
    return Key(
        id=message.id,
        name=message.name,
        prefix=message.prefix,
        scope=word(pb.Scope.DESCRIPTOR, message.scope, "SCOPE_"),
        created_at=known_moment(message.created_at),
        expires_at=moment(message, "expires_at"),
        last_used_at=moment(message, "last_used_at"),
        revoked_at=moment(message, "revoked_at"),
        secret=secret,
    )
