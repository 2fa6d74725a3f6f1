"""API keys. Their secrets are kept as hashes only."""

from datetime import datetime
from typing import Any

from samplemind_daemon.model import ApiKey, Scope, User
from samplemind_daemon.store import users
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import USE_NOTED
from samplemind_daemon.store.prepared import Given, Prepared
from samplemind_daemon.store.tables import ApiKeys

_WITH_HASH = Prepared(ApiKeys.select().where((ApiKeys.hash == Given("hash")) & ApiKeys.revoked_at.is_null()))


def add(db: Database, key: ApiKey, hash: str) -> ApiKey:
    """Keep a new key; one that has this id already is answered as it is."""
    ApiKeys.insert(
        id=key.id, user=key.user, name=key.name, prefix=key.prefix, hash=hash, scope=key.scope,
        created_at=key.created_at, expires_at=key.expires_at,
    ).on_conflict(conflict_target=[ApiKeys.id], action="ignore").execute(db)  # fmt: skip
    return _key(ApiKeys.select().where(ApiKeys.id == key.id).get(db))


def find(db: Database, user: str, id: str) -> ApiKey | None:
    """The user's key, if there is such a one."""
    row = ApiKeys.select().where((ApiKeys.id == id) & (ApiKeys.user == user)).first(db)
    return _key(row) if row else None


def find_secret(db: Database, hash: str, moment: datetime) -> tuple[ApiKey, User] | None:
    """The key whose secret has this hash and its user, if both are good."""
    row = _WITH_HASH.row(db, hash=hash)
    if row is None or (row.expires_at is not None and row.expires_at <= moment):
        return None
    user = users.find(db, row.user)
    return (_key(row), user) if user is not None and not user.disabled else None


def page(db: Database, user: str, after: ApiKey | None, limit: int) -> list[ApiKey]:
    """Up to `limit` keys of the user, newest first, from the one after `after` on."""
    query = ApiKeys.select().where(ApiKeys.user == user)
    if after is not None:
        older = ApiKeys.created_at < after.created_at
        query = query.where(older | ((ApiKeys.created_at == after.created_at) & (ApiKeys.id < after.id)))
    query = query.order_by(ApiKeys.created_at.desc(), ApiKeys.id.desc()).limit(limit)
    return [_key(row) for row in query.execute(db)]


def count_good(db: Database, user: str, moment: datetime) -> int:
    """How many keys of the user can be used."""
    lasting = ApiKeys.expires_at.is_null() | (ApiKeys.expires_at > moment)
    return int(
        ApiKeys.select().where((ApiKeys.user == user) & ApiKeys.revoked_at.is_null() & lasting).count(db)
    )


def forget_void(db: Database, user: str, moment: datetime, keep: int) -> None:
    """Drop the user's oldest keys that can not be used any more, all but `keep` of them."""
    void = ApiKeys.revoked_at.is_null(False) | (ApiKeys.expires_at <= moment)
    mine = ApiKeys.select(ApiKeys.id).where((ApiKeys.user == user) & void)
    oldest = mine.order_by(ApiKeys.created_at.desc(), ApiKeys.id.desc()).offset(keep)
    gone = [id for (id,) in oldest.tuples().execute(db)]
    ApiKeys.delete().where(ApiKeys.id.in_(gone)).execute(db)


def revoke(db: Database, user: str, id: str, moment: datetime) -> ApiKey | None:
    """Make a key of the user void from now on; the first time stands."""
    mine = (ApiKeys.id == id) & (ApiKeys.user == user)
    ApiKeys.update(revoked_at=moment).where(mine & ApiKeys.revoked_at.is_null()).execute(db)
    return find(db, user, id)


def revoke_named(db: Database, user: str, name: str, moment: datetime) -> None:
    """Make the keys of the user with this name void."""
    mine = (ApiKeys.user == user) & (ApiKeys.name == name) & ApiKeys.revoked_at.is_null()
    ApiKeys.update(revoked_at=moment).where(mine).execute(db)


def note_use(db: Database, id: str, moment: datetime) -> None:
    """Remember that a key was used, to the minute."""
    stale = ApiKeys.last_used_at.is_null() | (ApiKeys.last_used_at <= moment - USE_NOTED)
    ApiKeys.update(last_used_at=moment).where((ApiKeys.id == id) & stale).execute(db)


def _key(row: Any) -> ApiKey:
    return ApiKey(
        id=row.id,
        user=row.user,
        name=row.name,
        prefix=row.prefix,
        scope=Scope(row.scope),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
