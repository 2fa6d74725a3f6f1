"""Sessions: the families of refresh tokens, each token good for one turn. Tokens are kept as hashes only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from samplemind_daemon.model import User
from samplemind_daemon.store import users
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.prepared import Given, Prepared
from samplemind_daemon.store.tables import RefreshTokens, Sessions, Users

_HOLDER = Prepared(
    Users.select(Users)
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


def begin(db: Database, user: User, id: str, token: str, moment: datetime, expires_at: datetime) -> bool:
    """Begin a session with its first token, unless the user's sessions were ended since `user` was read."""
    now = users.find(db, user.id)
    if now is None or now.disabled or now.session_version != user.session_version:
        return False
    Sessions.insert(id=id, user=user.id, created_at=moment).execute(db)
    _issue(db, id, token, moment, expires_at)
    mine = (Sessions.user == user.id) & Sessions.revoked_at.is_null()
    oldest = (
        Sessions.select(Sessions.id).where(mine).order_by(Sessions.created_at.desc()).offset(MOST).limit(-1)
    )
    for (old,) in list(oldest.tuples().execute(db)):
        end(db, old, moment)
    return True


def find(db: Database, id: str) -> User | None:
    """Whose session this is, if it has not ended and its user may call."""
    row = _HOLDER.row(db, id=id)
    return users.user(row) if row and not row.disabled else None


def turn(
    db: Database, token: str, successor: str, moment: datetime, expires_at: datetime, grace: timedelta
) -> Turned:
    """Spend a token for its successor.

    The same token again within `grace` gets the same successor, as long as that has not been used: the
    answer was lost. Otherwise a spent token has been copied, and the session ends.
    """
    row = RefreshTokens.select().where(RefreshTokens.hash == token).first(db)
    user = find(db, row.session) if row else None
    if user is None or row.expires_at <= moment:
        return Turned()
    if row.spent_at is None:
        RefreshTokens.update(spent_at=moment).where(RefreshTokens.hash == token).execute(db)
        _issue(db, row.session, successor, moment, expires_at)
        return Turned(user, row.session, expires_at)
    next = RefreshTokens.select().where(RefreshTokens.hash == successor).first(db)
    if next is not None and next.spent_at is None and moment - row.spent_at <= grace:
        return Turned(user, row.session, next.expires_at)
    end(db, row.session, moment)
    return Turned(burned=row.session)


def end(db: Database, id: str, moment: datetime) -> None:
    """End a session: its refresh tokens, and the access tokens made from it."""
    Sessions.update(revoked_at=moment).where((Sessions.id == id) & Sessions.revoked_at.is_null()).execute(db)


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
