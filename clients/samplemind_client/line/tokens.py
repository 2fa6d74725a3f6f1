"""The tokens of a session."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from samplemind.v1 import auth_pb2 as pb

EARLY = 0.8  # of an access token's life after which it is renewed


@dataclass(frozen=True)
class Tokens:
    """An access token, and the refresh token that is good for one new pair."""

    access: str
    refresh: str
    obtained_at: datetime  # by this machine's clock
    expires_at: datetime  # of the access token, by the daemon's clock

    def due(self, now: datetime) -> bool:
        """Whether the access token should be renewed before it is used.

        Never where it seems to have ended before it was obtained: then one of the clocks is wrong,
        and only the daemon's refusal tells.
        """
        life = self.expires_at - self.obtained_at
        return life.total_seconds() > 0 and now >= self.obtained_at + EARLY * life

    def to_json(self) -> dict[str, str]:
        """The tokens as they are kept in a file."""
        return {
            "access_token": self.access,
            "refresh_token": self.refresh,
            "obtained_at": self.obtained_at.isoformat(),
            "expires_at": self.expires_at.isoformat(),
        }


def read_tokens(message: pb.Tokens) -> Tokens:
    """The tokens in a message, obtained now."""
    return Tokens(
        access=message.access_token,
        refresh=message.refresh_token,
        obtained_at=datetime.now(UTC),
        expires_at=message.access_expires_at.ToDatetime(tzinfo=UTC),
    )


def tokens_from_json(kept: dict[str, Any]) -> Tokens:
    """The tokens of a file; KeyError or ValueError where they are not whole."""
    return Tokens(
        access=str(kept["access_token"]),
        refresh=str(kept["refresh_token"]),
        obtained_at=datetime.fromisoformat(kept["obtained_at"]),
        expires_at=datetime.fromisoformat(kept["expires_at"]),
    )
