"""Access tokens: signed, short-lived, good for one session."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt

from samplemind_daemon.access.nobody import nobody
from samplemind_daemon.access.signing import SigningKey
from samplemind_daemon.model import User

ISSUER, AUDIENCE, TYPE = "samplemind", "samplemind-api", "at+jwt"  # RFC 9068
LEEWAY_SECONDS = 5
LONGEST = 4096  # characters
HEADER = {"alg", "typ", "kid"}  # nothing else: no crit, and no key that the token brings itself
CLAIMS = {"iss": str, "aud": str, "sub": str, "jti": str, "sid": str, "exp": int, "iat": int, "sv": int}


@dataclass(frozen=True)
class Tokens:
    """What a client gets when it signs in or refreshes."""

    access: str
    access_expires_at: datetime
    refresh: str
    refresh_expires_at: datetime


@dataclass(frozen=True)
class Claims:
    """What an access token says."""

    user: str
    session: str
    session_version: int


class AccessTokens:
    """Signs access tokens, and believes those that it signed."""

    def __init__(self, key: SigningKey, life: timedelta) -> None:
        self._key, self._life = key, life
        self._known = {key.id: key.public}

    def sign(self, user: User, session: str, moment: datetime) -> tuple[str, datetime]:
        """A token for a session of the user, and when it ends."""
        ends = (moment + self._life).replace(microsecond=0)
        claims = {
            "iss": ISSUER, "aud": AUDIENCE, "sub": user.id, "iat": int(moment.timestamp()),
            "exp": int(ends.timestamp()), "jti": str(uuid4()), "sid": session, "sv": user.session_version,
        }  # fmt: skip
        headers = {"typ": TYPE, "kid": self._key.id}
        return jwt.encode(claims, self._key.private, algorithm="EdDSA", headers=headers), ends

    def read(self, token: str, moment: datetime) -> Claims:
        """What a token says; Unauthenticated unless it was signed here, is an access token, and is in time."""
        try:
            claims = self._verified(token)
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise nobody() from None
        if any(type(claims.get(name)) is not kind for name, kind in CLAIMS.items()):
            raise nobody()  # the signature is ours, and still a true number is no time
        seconds = moment.astimezone(UTC).timestamp()
        begins = claims.get("nbf", claims["iat"])
        early = type(begins) is not int or max(begins, claims["iat"]) > seconds + LEEWAY_SECONDS
        if early or claims["exp"] <= seconds - LEEWAY_SECONDS:
            raise nobody()
        return Claims(claims["sub"], claims["sid"], claims["sv"])

    def _verified(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST:
            raise ValueError("too long")
        header = jwt.get_unverified_header(token)
        if header.keys() != HEADER or header["typ"] != TYPE or header["kid"] not in self._known:
            raise ValueError("not one of ours")
        claims: dict[str, Any] = jwt.decode(
            token, self._known[header["kid"]], algorithms=["EdDSA"], audience=AUDIENCE, issuer=ISSUER,
            # `read` looks at the times: it has the clock, and takes whole numbers only.
            options={"require": list(CLAIMS), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )  # fmt: skip
        return claims
