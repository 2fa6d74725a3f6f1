"""Feature flags of the daemon."""

from dataclasses import dataclass
from datetime import datetime

from samplemind.v1 import flag_pb2 as pb
from samplemind_client.values.moment import known_moment, word


@dataclass(frozen=True)
class Flag:
    """A feature and for whom it is on: "nobody", "all", "beta", "premium", or "share", of so many percent."""

    name: str
    purpose: str
    audience: str
    percent: int
    overrides: int  # how many users it is set for by name


@dataclass(frozen=True)
class FlagOverride:
    """What a flag is for one user, whatever it is for all."""

    user_id: str
    email: str
    enabled: bool


@dataclass(frozen=True)
class FlagChange:
    """That a flag was changed: when, by whom, and for whom if not for all."""

    at: datetime
    author_id: str
    user_id: str
    before: str
    after: str


@dataclass(frozen=True)
class FlagHistory:
    """A flag with its exceptions and its latest changes, the last one first."""

    flag: Flag
    overrides: tuple[FlagOverride, ...]
    changes: tuple[FlagChange, ...]


def read_flag(message: pb.Flag) -> Flag:
    """A flag from the wire."""
    audience = word(pb.Audience.DESCRIPTOR, message.audience, "AUDIENCE_")
    return Flag(message.name, message.purpose, audience, message.percent, message.overrides)


def read_history(message: pb.FlagServiceGetResponse) -> FlagHistory:
    """A flag from the wire, with all that is told of it."""
    return FlagHistory(
        read_flag(message.flag),
        tuple(FlagOverride(one.user_id, one.email, one.enabled) for one in message.overrides),
        tuple(
            FlagChange(known_moment(one.at), one.author_id, one.user_id, one.before, one.after)
            for one in message.changes
        ),
    )
