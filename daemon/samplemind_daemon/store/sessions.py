"""Sessions: the families of refresh tokens, each token good for one turn. Tokens are kept as hashes only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from samplemind_daemon.model import Session, SignIn, User
from samplemind_daemon.store import users
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import USE_NOTED
from samplemind_daemon.store.prepared import Given, Prepared
from samplemind_daemon.store.tables import RefreshTokens, Sessions, Users

_HOLDER = Prepared(
    Users.select(Users, Sessions.last_used_at)
    .join(Sessions, on=(Sessions.user == Users.id))
    .where((Sessions.id == Given("id")) & Sessions.revoked_at.is_null())
)
MOST = 100  # open sessions a user; the oldest gives way to a new one


@dataclass(frozen=True)
class Turned:
    """What became of a refresh token that was handed in: `user` is None if it gives nothing."""

    user: User | None = None
    session: str = ""
    expires_at: datetime | None = None  # of the successor
    burned: str = ""  # the session that was ended because a spent token came back


def begin(db: Database, user: User, session: Session, token: str) -> bool:
    """Begin a session with its first token, unless the user's sessions were ended since `user` was read."""
    now = users.find(db, user.id)
    if now is None or now.disabled or now.session_version != user.session_version:
        return False
    moment, origin = session.created_at, session.sign_in
    Sessions.insert(
        id=session.id,
        user=user.id,
        created_at=moment,
        last_used_at=session.last_used_at,
        place=origin.place,
        agent=origin.agent,
    ).execute(db)
    _issue(db, session.id, token, moment, session.expires_at)
    mine = (Sessions.user == user.id) & Sessions.revoked_at.is_null()
    oldest = Sessions.select(Sessions.id).where(mine).order_by(Sessions.created_at.desc()).offset(MOST)
    for (old,) in list(oldest.tuples().execute(db)):
        end(db, old, moment)
    return True


def find(db: Database, id: str) -> tuple[User, datetime | None] | None:
    """Whose session this is and when it was last used, if it has not ended and its user may call."""
    row = _HOLDER.row(db, id=id)
    return (users.user(row), row.last_used_at) if row and not row.disabled else None


def page(
    db: Database, user: str, moment: datetime, after: tuple[datetime, str] | None, limit: int
) -> list[Session]:
    """Up to `limit` sessions of the user that have not ended, newest first.

    They begin after the one that was signed in at a moment and has an id, whether or not it still is there.
    """
    good = Sessions.revoked_at.is_null() & (RefreshTokens.expires_at > moment)
    query = (
        Sessions.select(Sessions, fn.MAX(RefreshTokens.expires_at).alias("expires_at"))
        .join(RefreshTokens, on=(RefreshTokens.session == Sessions.id))
        .where((Sessions.user == user) & good)
        .group_by(Sessions.id)
    )
    if after is not None:
        at, id = after
        query = query.where((Sessions.created_at < at) | ((Sessions.created_at == at) & (Sessions.id < id)))
    query = query.order_by(Sessions.created_at.desc(), Sessions.id.desc()).limit(limit)
    return [_session(row) for row in query.namedtuples().execute(db)]


def turn(
    db: Database, token: str, successor: str, moment: datetime, expires_at: datetime, grace: timedelta
) -> Turned:
    """Spend a token for its successor.

    The same token again within `grace` gets the same successor, as long as that has not been used: the
    answer was lost. Otherwise a spent token has been copied, and the session ends.
    """
    row = RefreshTokens.select().where(RefreshTokens.hash == token).first(db)
    found = find(db, row.session) if row else None
    if found is None or row.expires_at <= moment:
        return Turned()
    user, _ = found
    if row.spent_at is None:
        RefreshTokens.update(spent_at=moment).where(RefreshTokens.hash == token).execute(db)
        _issue(db, row.session, successor, moment, expires_at)
        note_use(db, row.session, moment)
        return Turned(user, row.session, expires_at)
    next = RefreshTokens.select().where(RefreshTokens.hash == successor).first(db)
    if next is not None and next.spent_at is None and moment - row.spent_at <= grace:
        return Turned(user, row.session, next.expires_at)
    end(db, row.session, moment)
    return Turned(burned=row.session)


def note_use(db: Database, id: str, moment: datetime) -> None:
    """Remember that a session was used, to the minute."""
    stale = Sessions.last_used_at.is_null() | (Sessions.last_used_at <= moment - USE_NOTED)
    Sessions.update(last_used_at=moment).where((Sessions.id == id) & stale).execute(db)


def end(db: Database, id: str, moment: datetime) -> None:
    """End a session: its refresh tokens, and the access tokens made from it."""
    Sessions.update(revoked_at=moment).where((Sessions.id == id) & Sessions.revoked_at.is_null()).execute(db)


def end_own(db: Database, user: str, id: str, moment: datetime) -> bool:
    """End a session of the user; False if there is none with this id that has not ended."""
    alive = RefreshTokens.select(RefreshTokens.session).where(
        (RefreshTokens.session == id) & (RefreshTokens.expires_at > moment)
    )
    mine = (Sessions.id == id) & (Sessions.user == user) & Sessions.revoked_at.is_null()
    return bool(Sessions.update(revoked_at=moment).where(mine & Sessions.id.in_(alive)).execute(db))


def end_all(db: Database, user: str, moment: datetime) -> None:
    """End every session of a user."""
    Users.update(session_version=Users.session_version + 1).where(Users.id == user).execute(db)
    mine = (Sessions.user == user) & Sessions.revoked_at.is_null()
    Sessions.update(revoked_at=moment).where(mine).execute(db)


def forget(db: Database, moment: datetime) -> int:
    """Drop the tokens that have expired, and the sessions left without any; how many sessions it were."""
    RefreshTokens.delete().where(RefreshTokens.expires_at <= moment).execute(db)
    alive = RefreshTokens.select(RefreshTokens.session)
    return int(Sessions.delete().where(Sessions.id.not_in(alive)).execute(db))


def _issue(db: Database, session: str, token: str, moment: datetime, expires_at: datetime) -> None:
    RefreshTokens.insert(hash=token, session=session, issued_at=moment, expires_at=expires_at).execute(db)


def _session(row: Any) -> Session:
    return Session(
        id=row.id,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        expires_at=row.expires_at,
        sign_in=SignIn(row.place, row.agent),
    )
