"""API keys: long-lived secrets for machines and plug-ins, each with a scope."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from samplemind_daemon.access.nobody import nobody
from samplemind_daemon.access.remembered import Remembered
from samplemind_daemon.access.signing import SigningKey, digest, keyed
from samplemind_daemon.access.uses import Uses
from samplemind_daemon.model import ApiKey, Caller, Scope, User
from samplemind_daemon.refusals import Denied, Exhausted, Invalid, NotFound, Untimely
from samplemind_daemon.store import Database, Store, keys

log = structlog.get_logger(__name__)

MARK = "sm_"  # so that a key is known for one wherever it is found lying about
LENGTH = len(MARK) + 43  # characters: 256 bits in base64
PREFIX = 10  # characters that are shown, to tell keys apart
MOST, VOID_KEPT = 100, 200  # keys a user: good ones, and void ones that are still listed
LONGEST_NAME = 100  # characters
RETRY = timedelta(days=1)  # in which the same request gets the same answer


class Keys:
    """Makes, lists, knows and revokes API keys."""

    def __init__(
        self, store: Store, key: SigningKey, remembered: Remembered, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._remembered, self._clock = store, remembered, clock
        self._secret = key.secret("API keys")
        self._uses = Uses(store, keys.note_use)

    async def caller(self, secret: str) -> Caller:
        """Who calls with this key; Unauthenticated if it is not good, or no longer."""
        return await self._remembered.caller(secret, lambda: self._holder(secret))

    async def create(
        self, user: str, id: str, name: str, scope: Scope, expires_at: datetime | None
    ) -> tuple[ApiKey, str]:
        """A new key and its secret; the same id again within a day gets both again, and makes nothing."""
        moment = self._clock()
        wrong = _wrong(name, expires_at, moment)
        if wrong:
            raise Invalid("INVALID_API_KEY", f"This key cannot be made: {'; '.join(wrong.values())}.", wrong)
        # The secret follows from the id, so that a retry can be given it though only its hash is kept.
        secret = MARK + urlsafe_b64encode(keyed(self._secret, id)).decode().rstrip("=")
        key = ApiKey(id, user, name, secret[:PREFIX], scope, moment, expires_at, None, None)
        made = await self._store.write(_add, key, digest(secret))
        if (made.user, made.prefix) != (user, key.prefix) or moment - made.created_at > RETRY:
            raise Untimely("REQUEST_ID_REUSED", f"The request for the key {id} was answered long ago.")
        log.info("an API key was made", user=user, key=id, scope=str(scope))
        return made, secret

    async def page(self, user: str, after: str, limit: int) -> list[ApiKey]:
        """Up to `limit` keys of the user, newest first, from the one after the key `after` on."""
        last = await self._store.read(keys.find, user, after) if after else None
        if after and last is None:
            why = {"page_token": "it was not given by this list"}
            raise Invalid("INVALID_PAGE_TOKEN", "The page_token was not given by this list.", why)
        return await self._store.read(keys.page, user, last, limit)

    async def revoke(self, user: str, id: str) -> ApiKey:
        """Make a key void at once; NotFound if the user has none with this id."""
        try:
            key = await self._store.write(keys.revoke, user, id, self._clock())
        finally:
            self._remembered.forget()
        if key is None:
            raise NotFound("API_KEY_NOT_FOUND", f"There is no API key {id[:60]!r}.")
        log.info("an API key was revoked", user=user, key=id)
        return key

    async def is_good(self, secret: str) -> bool:
        """Whether a call with this secret would be let in."""
        return await self._find(secret) is not None

    async def settle(self) -> None:
        """Wait until the uses so far are written down."""
        await self._uses.settle()

    async def _holder(self, secret: str) -> Caller:
        moment, found = self._clock(), await self._find(secret)
        if found is None:
            raise nobody()
        key, user = found
        self._uses.note(key.id, key.last_used_at, moment)
        return Caller(user, key.scope)

    async def _find(self, secret: str) -> tuple[ApiKey, User] | None:
        if not secret.startswith(MARK) or len(secret) != LENGTH:
            return None
        return await self._store.read(keys.find_secret, digest(secret), self._clock())


def check_scope(caller: Caller, scope: Scope) -> None:
    """Return if the caller may give a key this scope; Denied if it is more than the caller has."""
    if not caller.scope.holds(scope):
        message = f"A key's scope is never above its maker's: {scope} was asked for, you have {caller.scope}."
        raise Denied("SCOPE_TOO_SMALL", message)


def _wrong(name: str, expires_at: datetime | None, moment: datetime) -> dict[str, str]:
    """What is wrong with the request, field by field."""
    wrong = {}
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable() or name.isspace():
        wrong["name"] = (
            f"a name has 1 to {LONGEST_NAME} printable characters, this one is {name[:LONGEST_NAME]!r}"
        )
    if expires_at is not None and expires_at <= moment:
        wrong["expires_at"] = f"{expires_at.isoformat()} is past"
    return wrong


def _add(db: Database, key: ApiKey, hash: str) -> ApiKey:
    known = keys.find(db, key.user, key.id)
    if known is None and keys.count_good(db, key.user, key.created_at) >= MOST:
        raise Exhausted("TOO_MANY_API_KEYS", f"There are {MOST} API keys already; revoke one first.")
    keys.forget_void(db, key.user, key.created_at, VOID_KEPT)
    return known or keys.add(db, key, hash)
