"""Features that can be switched, and for whom they are on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Audience(StrEnum):
    """For whom a feature is on."""

    NOBODY = "nobody"
    ALL = "all"
    BETA = "beta"  # users with the mark "beta"
    PREMIUM = "premium"  # users with the mark "premium"
    SHARE = "share"  # a share of all users, always the same ones


@dataclass(frozen=True)
class Switch:
    """How a flag is set; `percent` is the share of users where the audience is one."""

    audience: Audience = Audience.ALL
    percent: int = 100

    def __str__(self) -> str:
        return f"{self.percent} %" if self.audience is Audience.SHARE else str(self.audience)


@dataclass(frozen=True)
class Override:
    """What a flag is for one user, whatever it is for all."""

    user: str
    email: str
    enabled: bool


@dataclass(frozen=True)
class FlagChange:
    """That a flag was changed: when, by whom, for whom if not for all, and from what to what."""

    at: datetime
    author: str
    user: str
    before: str
    after: str


@dataclass(frozen=True)
class Flag:
    """A named feature, how it is set, and its exceptions."""

    name: str
    purpose: str
    switch: Switch
    overrides: int  # how many users it is set for by name
