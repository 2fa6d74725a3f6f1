"""Who there is, and what they may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a user may do."""

    OWNER = "owner"
    MEMBER = "member"


class Scope(StrEnum):
    """What a credential may be used for; each holds those before it."""

    READ = "read"
    ANALYZE = "analyze"
    ADMIN = "admin"

    def holds(self, other: "Scope") -> bool:
        """Whether this scope is enough where `other` is asked for."""
        order = list(Scope)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True)
class User:
    """An account."""

    id: str
    email: str
    role: Role
    marks: tuple[str, ...]
    created_at: datetime
    has_password: bool
    disabled: bool
    session_version: int


@dataclass(frozen=True)
class ApiKey:
    """A key for machines and plug-ins, without its secret."""

    id: str
    user: str
    name: str
    prefix: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class SignIn:
    """Where somebody signs in from, and by what, as far as that is known."""

    place: str | None = None  # an IPv4 address, or the network that an IPv6 address is of
    agent: str | None = None  # what the client says that it is


@dataclass(frozen=True)
class Session:
    """A sign-in that has not ended."""

    id: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime
    sign_in: SignIn


@dataclass(frozen=True)
class Caller:
    """Who makes a call, and what the credential may do."""

    user: User
    scope: Scope
    session: str = ""  # the refresh family behind an access token; empty for an API key
