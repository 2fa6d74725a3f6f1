"""What each start sees to: that the owner has an account, a key on this machine, and a way to sign in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from uuid import uuid4

import structlog

from samplemind_daemon.access import private
from samplemind_daemon.access.keys import Keys
from samplemind_daemon.access.signing import digest
from samplemind_daemon.model import Role, Scope, User
from samplemind_daemon.store import Store, codes, keys, users

log = structlog.get_logger(__name__)

EMAIL = "owner@localhost"
KEY_NAME = "owner.key"  # of the key in the file, and of no other
CODE_LIFE = timedelta(hours=24)


async def see_to_owner(store: Store, clock: Callable[[], datetime]) -> User:
    """The owner, whose account is made at the first start: without a password, so that none can be guessed."""
    owner = await store.read(users.find_owner)
    if owner is None:
        await store.write(users.add, str(uuid4()), EMAIL, None, Role.OWNER, clock())
        owner = await store.read(users.find_owner)
        assert owner is not None
        log.info("the owner's account was made", user=owner.id, email=owner.email)
    return owner


async def see_to_key(
    store: Store, made: Keys, owner: User, path: Path, clock: Callable[[], datetime], instance: str = ""
) -> None:
    """Have a good API key of the owner in the file; the ones before it are void if it has to be made again."""
    name = f"{KEY_NAME} {instance[:8]}" if instance else KEY_NAME
    found = private.read(path)
    if found is not None and await made.is_good(found.decode("ascii", "replace").strip()):
        return
    await store.write(keys.revoke_named, owner.id, name, clock())
    _, secret = await made.create(owner.id, str(uuid4()), name, Scope.ADMIN, None)
    private.write(path, f"{secret}\n".encode())


def is_own(name: str) -> bool:
    """Whether only a daemon's own key may be called so."""
    return name.partition(" ")[0] == KEY_NAME


async def see_to_code(
    store: Store, owner: User, clock: Callable[[], datetime], instance: str = ""
) -> str | None:
    """A fresh one-time code for as long as the owner has no password; the ones before it are void.

    Where there are other daemons theirs stay good: each has shown its own.
    """
    if owner.has_password:
        return None
    code = token_urlsafe(24)
    await store.write(codes.put, owner.id, digest(code), clock() + CODE_LIFE, bool(instance))
    return code
