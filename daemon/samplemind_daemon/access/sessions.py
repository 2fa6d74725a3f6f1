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
from samplemind_daemon.access.uses import Uses
from samplemind_daemon.model import Caller, Scope, Session, SignIn, User
from samplemind_daemon.refusals import NotFound
from samplemind_daemon.store import Database, Store, codes, sessions, users

P = ParamSpec("P")
Answer = TypeVar("Answer")
log = structlog.get_logger(__name__)

GRACE = timedelta(seconds=10)  # in which a spent token gets its successor again: the answer was lost
LONGEST = 256  # characters of a refresh token or a code that are looked at


@dataclass(frozen=True)
class _Fresh:
    """A session that is about to begin, and its first refresh token."""

    session: Session
    token: str


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
        self._uses = Uses(store, sessions.note_use)

    async def caller(self, token: str) -> Caller:
        """Who calls with this access token; Unauthenticated if it is not good, or no longer."""
        return await self._remembered.caller(token, lambda: self._holder(token))

    async def begin(self, user: User, sign_in: SignIn) -> Tokens:
        """Tokens of a new session; Unauthenticated if the user's sessions were ended since `user` was read."""
        fresh = self._fresh(sign_in)
        if not await self._store.write(_begin, user, fresh):
            raise nobody()
        return self._give(user, fresh)

    async def begin_by_code(self, code: str, sign_in: SignIn) -> tuple[Tokens, User]:
        """Spend a one-time code for the tokens of a new session."""
        fresh = self._fresh(sign_in)
        user = await self._store.write(_begin_by_code, digest(code[:LONGEST]), fresh)
        if user is None:
            raise nobody()
        return self._give(user, fresh), user

    async def begin_anew(self, user: User, password: str, sign_in: SignIn) -> Tokens:
        """Tokens of a new session, with a new password (its hash); all other sessions and codes end."""
        fresh = self._fresh(sign_in)
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

    async def page(self, user: str, after: tuple[datetime, str] | None, limit: int) -> list[Session]:
        """Up to `limit` sessions of the user that have not ended, newest first, from behind a moment and an id."""
        return await self._store.read(sessions.page, user, self._clock(), after, limit)

    async def end_own(self, user: str, id: str) -> None:
        """End a session of the user at once; NotFound if there is none with this id."""
        if not await self._put_out(sessions.end_own, user, id, self._clock()):
            raise NotFound("SESSION_NOT_FOUND", f"There is no session {id[:60]!r}.")
        log.info("a session was ended", user=user, session=id)

    async def end(self, id: str) -> None:
        """End a session at once."""
        await self._put_out(sessions.end, id, self._clock())

    async def end_all(self, user: str) -> None:
        """End every session of the user at once."""
        await self._put_out(sessions.end_all, user, self._clock())

    async def forget(self) -> int:
        """Drop what has expired; how many sessions it were."""
        return await self._store.write(sessions.forget, self._clock())

    async def settle(self) -> None:
        """Wait until the uses so far are written down."""
        await self._uses.settle()

    async def _holder(self, token: str) -> Caller:
        moment = self._clock()
        claims = self._tokens.read(token, moment)
        user, last_used_at = await self._store.read(sessions.find, claims.session) or (None, None)
        if user is None or user.id != claims.user or user.session_version != claims.session_version:
            raise nobody()
        self._uses.note(claims.session, last_used_at, moment)
        return Caller(user, Scope.ADMIN, claims.session)

    async def _put_out(
        self, deed: Callable[Concatenate[Database, P], Answer], *args: P.args, **kwargs: P.kwargs
    ) -> Answer:
        """Write what ends sessions: whoever is told that it happened finds nobody let in by them."""
        try:
            return await self._store.write(deed, *args, **kwargs)
        finally:
            self._remembered.forget()

    def _fresh(self, sign_in: SignIn) -> _Fresh:
        moment = self._clock()
        session = Session(str(uuid4()), moment, moment, moment + self._life, sign_in)
        return _Fresh(session, token_urlsafe(32))

    def _give(self, user: User, fresh: _Fresh) -> Tokens:
        session = fresh.session
        access, access_expires_at = self._tokens.sign(user, session.id, session.created_at)
        return Tokens(access, access_expires_at, fresh.token, session.expires_at)


def _begin(db: Database, user: User, fresh: _Fresh) -> bool:
    return sessions.begin(db, user, fresh.session, digest(fresh.token))


def _begin_by_code(db: Database, code: str, fresh: _Fresh) -> User | None:
    user = codes.use(db, code, fresh.session.created_at)
    return user if user is not None and _begin(db, user, fresh) else None


def _begin_anew(db: Database, user: User, password: str, fresh: _Fresh) -> User | None:
    if user.disabled or not users.set_password(db, user.id, user.session_version, password):
        return None
    codes.drop(db, user.id)
    sessions.end_all(db, user.id, fresh.session.created_at)
    renewed = users.find(db, user.id)
    return renewed if renewed is not None and _begin(db, renewed, fresh) else None
