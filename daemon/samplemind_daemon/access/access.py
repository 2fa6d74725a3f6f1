"""Who may come in."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import structlog

from samplemind_daemon.access import owner
from samplemind_daemon.access.calls import Calls
from samplemind_daemon.access.flags import Flags
from samplemind_daemon.access.flags.names import REGISTRATION
from samplemind_daemon.access.guesses import Guesses
from samplemind_daemon.access.keys import Keys, check_scope
from samplemind_daemon.access.nobody import nobody
from samplemind_daemon.access.passwords import Passwords, check_password
from samplemind_daemon.access.places import NOWHERE, Proxies, sign_in
from samplemind_daemon.access.purses import Purses
from samplemind_daemon.access.remembered import Remembered
from samplemind_daemon.access.sessions import Sessions
from samplemind_daemon.access.signing import given_key, signing_key
from samplemind_daemon.access.tokens import Tokens
from samplemind_daemon.model import ApiKey, Caller, Role, Scope, Session, User
from samplemind_daemon.refusals import Denied, Invalid, Untimely
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, users
from samplemind_daemon.store.moments import now

log = structlog.get_logger(__name__)

LONGEST_EMAIL = 254  # characters, RFC 5321
_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}")


class Access:
    """Makes accounts, lets people and programs in, and puts them out: at once, not when a token ends."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime] = now) -> None:
        self._store, self._settings, self._clock = store, settings, clock
        given = settings.signing_key
        key = given_key(given) if given else signing_key(settings.home / "signing.key")
        self.signing = key.id
        self.passwords = Passwords()
        remembered = Remembered(lambda: self._clock())
        self._sessions = Sessions(
            store, key, remembered, settings.access_life, settings.refresh_life, lambda: self._clock()
        )
        self._keys = Keys(store, key, remembered, lambda: self._clock())
        self._purses = Purses(store, lambda: self._clock())
        self._guesses = Guesses(store, key, self._purses, lambda: self._clock())
        self.calls = Calls(self._purses, settings)
        self.proxies = Proxies(settings.web_proxies)
        self.flags = Flags(store, lambda: self._clock())

    async def prepare(self, instance: str = "") -> str | None:
        """See to the owner's account and `owner.key`; a one-time sign-in code while the owner has no password.

        `instance` is given where other daemons on the database have an `owner.key` of their own.
        """
        await self._sessions.forget()
        await self._purses.open()
        await self.flags.open()
        account = await owner.see_to_owner(self._store, self._clock)
        path = self._settings.home / "owner.key"
        await owner.see_to_key(self._store, self._keys, account, path, self._clock, instance)
        return await owner.see_to_code(self._store, account, self._clock, instance)

    async def authenticate(self, authorization: str | None, api_key: str | None) -> Caller:
        """Who calls with this `authorization` or this key; Unauthenticated unless exactly one of them is good."""
        if api_key is not None and authorization is None:
            return await self._keys.caller(api_key)
        scheme, _, token = (authorization or "").partition(" ")
        if api_key is not None or scheme.lower() != "bearer" or not token:
            raise nobody()
        return await self._sessions.caller(token)

    async def register(self, email: str, password: str) -> None:
        """Make an account. Alike in answer and in time whether or not the e-mail address has one."""
        if self._settings.registration == "closed":
            raise Denied("REGISTRATION_CLOSED", "This daemon takes no new accounts: ask its owner for one.")
        address = _address(email)
        if not self.flags.is_on(REGISTRATION, None, address):
            raise Denied("FEATURE_OFF", "Making accounts is not switched on.", facts={"flag": REGISTRATION})
        check_password(password, address, "password")
        encoded = await self.passwords.hash(password)
        made = await self._store.write(users.add, str(uuid4()), address, encoded, Role.MEMBER, self._clock())
        log.info("an account was asked for", made=made)

    async def login(
        self, email: str, password: str, place: str = NOWHERE, agent: str = ""
    ) -> tuple[Tokens, User]:
        """Tokens for an e-mail address and its password. An unknown address takes as long as a known one.

        Raises Exhausted where too many passwords were guessed for it from this place.
        """
        self.passwords.expect_room()
        address = email.strip().lower()[:LONGEST_EMAIL]
        found = await self._store.read(users.find_login, address)
        user, encoded = found or (None, None)
        right = await self._verify(address, user, password, encoded, place)
        if user is None or user.disabled or not right:
            raise nobody()
        tokens = await self._sessions.begin(user, sign_in(place, agent))
        await self._guesses.note_right(user, place)
        return tokens, user

    async def login_by_code(self, code: str, place: str = NOWHERE, agent: str = "") -> tuple[Tokens, User]:
        """Tokens for a one-time code, once."""
        return await self._sessions.begin_by_code(code, sign_in(place, agent))

    async def refresh(self, token: str) -> Tokens:
        """New tokens of the same session; a refresh token that comes back later ends it."""
        return await self._sessions.refresh(token)

    async def logout(self, caller: Caller, everywhere: bool) -> None:
        """End the caller's session, or all of the user's, at once. API keys stay good."""
        if everywhere and not caller.session:
            check_scope(caller, Scope.ADMIN)  # a key that may only read must not put its user out
        if everywhere:
            await self._sessions.end_all(caller.user.id)
        elif caller.session:
            await self._sessions.end(caller.session)
        else:
            raise Untimely("NO_SESSION", "An API key has no session to end: revoke the key instead.")

    async def list_sessions(
        self, caller: Caller, after: tuple[datetime, str] | None, limit: int
    ) -> list[Session]:
        """Up to `limit` sessions of the caller that have not ended, newest first, from behind a moment and an id."""
        return await self._sessions.page(caller.user.id, after, limit)

    async def end_session(self, caller: Caller, id: str) -> None:
        """End a session of the caller at once; NotFound if there is none with this id."""
        await self._sessions.end_own(caller.user.id, id)

    async def change_password(
        self, caller: Caller, current: str, new: str, place: str = NOWHERE, agent: str = ""
    ) -> Tokens:
        """Tokens of a new session, with the new password; every other session ends. API keys stay good.

        `current` is empty for a user that has no password yet. Guesses at it count as at signing in.
        """
        encoded = await self._store.read(users.password_hash, caller.user.id)
        right = await self._verify(caller.user.email, caller.user, current, encoded, place)
        if not right and (encoded is not None or current):
            raise nobody()
        check_password(new, caller.user.email, "new_password")
        encoded = await self.passwords.hash(new)
        tokens = await self._sessions.begin_anew(caller.user, encoded, sign_in(place, agent))
        log.info("a password was changed", user=caller.user.id)
        return tokens

    async def create_key(
        self, caller: Caller, id: str, name: str, scope: Scope, expires_at: datetime | None
    ) -> tuple[ApiKey, str]:
        """A new key of the caller and its secret; the same id again gets the same answer for a day."""
        check_scope(caller, scope)
        if owner.is_own(name):
            why = {"name": f"{name!r} is the name of the daemon's own key"}
            raise Invalid("INVALID_API_KEY", f"This key cannot be made: {why['name']}.", why)
        return await self._keys.create(caller.user.id, id, name, scope, expires_at)

    async def list_keys(self, caller: Caller, after: str, limit: int) -> list[ApiKey]:
        """Up to `limit` keys of the caller, newest first, from the one after the key with the id `after` on."""
        return await self._keys.page(caller.user.id, after, limit)

    async def revoke_key(self, caller: Caller, id: str) -> ApiKey:
        """Make a key of the caller void at once."""
        return await self._keys.revoke(caller.user.id, id)

    async def forget(self) -> int:
        """Drop sessions, tokens and spendings that have expired: for the daily housekeeping."""
        await self._purses.forget()
        return await self._sessions.forget()

    async def settle(self) -> None:
        """Wait until the uses of sessions and API keys so far are written down."""
        await self._sessions.settle()
        await self._keys.settle()

    async def close(self) -> None:
        """Wait for what is running."""
        await self.settle()
        await self._purses.close()
        self.flags.close()
        self.passwords.close()

    async def _verify(
        self, email: str, user: User | None, password: str, encoded: str | None, place: str
    ) -> bool:
        """Whether a password is right; a wrong one is counted, an empty one for no password is right."""
        guess = await self._guesses.admit(email, user, place)
        with guess.counted():
            guess.right = await self.passwords.verify(password, encoded)
        return guess.right


def _address(email: str) -> str:
    """An e-mail address in its one spelling; Invalid if it has not the shape of one."""
    address = email.strip().lower()
    if len(address) > LONGEST_EMAIL or not address.isprintable() or not _EMAIL.fullmatch(address):
        why = f"{email[:LONGEST_EMAIL]!r} is no e-mail address"
        raise Invalid("INVALID_EMAIL", f"This account cannot be made: {why}.", {"email": why})
    return address
