"""Sessions: begun by a password or a code, prolonged by refresh tokens, ended at once."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Concatenate, ParamSpec, TypeVar
from uuid import uuid4

import structlog

from samplemind_daemon.access.nobody import nobody
from samplemind_daemon.access.remembered import Remembered
from samplemind_daemon.access.signing import SigningKey, digest, keyed
from samplemind_daemon.access.tokens import AccessTokens, Tokens
from samplemind_daemon.model import Caller, Scope, User
from samplemind_daemon.store import Database, Store, codes, sessions, users

P = ParamSpec("P")
Answer = TypeVar("Answer")
log = structlog.get_logger(__name__)

GRACE = timedelta(seconds=10)  # in which a spent token gets its successor again: the answer was lost
LONGEST = 256  # characters of a refresh token or a code that are looked at


@dataclass(frozen=True)
class _Fresh:
    """A session that is about to begin."""

    id: str
    token: str
    moment: datetime
    expires_at: datetime


class Sessions:
    """Begins, prolongs and ends sessions, and knows whose an access token is."""

    def __init__(
        self,
        store: Store,
        key: SigningKey,
        remembered: Remembered,
        access: timedelta,
        refresh: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._remembered, self._clock, self._life = store, remembered, clock, refresh
        self._tokens = AccessTokens(key, access)
        self._secret = key.secret("refresh tokens")

    async def caller(self, token: str) -> Caller:
        """Who calls with this access token; Unauthenticated if it is not good, or no longer."""
        return await self._remembered.caller(token, lambda: self._holder(token))

    async def begin(self, user: User) -> Tokens:
        """Tokens of a new session; Unauthenticated if the user's sessions were ended since `user` was read."""
        fresh = self._fresh()
        if not await self._store.write(_begin, user, fresh):
            raise nobody()
        return self._give(user, fresh)

    async def begin_by_code(self, code: str) -> tuple[Tokens, User]:
        """Spend a one-time code for the tokens of a new session."""
        fresh = self._fresh()
        user = await self._store.write(_begin_by_code, digest(code[:LONGEST]), fresh)
        if user is None:
            raise nobody()
        return self._give(user, fresh), user

    async def begin_anew(self, user: User, password: str) -> Tokens:
        """Tokens of a new session, with a new password (its hash); all other sessions and codes end."""
        fresh = self._fresh()
        renewed = await self._put_out(_begin_anew, user, password, fresh)
        if renewed is None:
            raise nobody()
        return self._give(renewed, fresh)

    async def refresh(self, token: str) -> Tokens:
        """Spend a refresh token for new tokens. A spent one that comes back ends the session."""
        moment = self._clock()
        # The successor follows from the token, so that a retry can be given it though only hashes are kept.
        next = urlsafe_b64encode(keyed(self._secret, token[:LONGEST])).decode().rstrip("=")
        turned = await self._store.write(
            sessions.turn, digest(token[:LONGEST]), digest(next), moment, moment + self._life, GRACE
        )
        if turned.burned:
            self._remembered.forget()
            log.warning("a spent refresh token came back: its session has ended", session=turned.burned)
        if turned.user is None or turned.expires_at is None:
            raise nobody()
        access, access_expires_at = self._tokens.sign(turned.user, turned.session, moment)
        return Tokens(access, access_expires_at, next, turned.expires_at)

    async def end(self, id: str) -> None:
        """End a session at once."""
        await self._put_out(sessions.end, id, self._clock())

    async def end_all(self, user: str) -> None:
        """End every session of the user at once."""
        await self._put_out(sessions.end_all, user, self._clock())

    async def forget(self) -> int:
        """Drop what has expired; how many sessions it were."""
        return await self._store.write(sessions.forget, self._clock())

    async def _holder(self, token: str) -> Caller:
        claims = self._tokens.read(token, self._clock())
        user = await self._store.read(sessions.find, claims.session)
        if user is None or user.id != claims.user or user.session_version != claims.session_version:
            raise nobody()
        return Caller(user, Scope.ADMIN, claims.session)

    async def _put_out(
        self, deed: Callable[Concatenate[Database, P], Answer], *args: P.args, **kwargs: P.kwargs
    ) -> Answer:
        """Write what ends sessions: whoever is told that it happened finds nobody let in by them."""
        try:
            return await self._store.write(deed, *args, **kwargs)
        finally:
            self._remembered.forget()

    def _fresh(self) -> _Fresh:
        moment = self._clock()
        return _Fresh(str(uuid4()), token_urlsafe(32), moment, moment + self._life)

    def _give(self, user: User, fresh: _Fresh) -> Tokens:
        access, access_expires_at = self._tokens.sign(user, fresh.id, fresh.moment)
        return Tokens(access, access_expires_at, fresh.token, fresh.expires_at)


def _begin(db: Database, user: User, fresh: _Fresh) -> bool:
    return sessions.begin(db, user, fresh.id, digest(fresh.token), fresh.moment, fresh.expires_at)


def _begin_by_code(db: Database, code: str, fresh: _Fresh) -> User | None:
    user = codes.use(db, code, fresh.moment)
    return user if user is not None and _begin(db, user, fresh) else None


def _begin_anew(db: Database, user: User, password: str, fresh: _Fresh) -> User | None:
    if user.disabled or not users.set_password(db, user.id, user.session_version, password):
        return None
    codes.drop(db, user.id)
    sessions.end_all(db, user.id, fresh.moment)
    renewed = users.find(db, user.id)
    return renewed if renewed is not None and _begin(db, renewed, fresh) else None
