"""An account that leaves, and all that is its."""

from samplemind_daemon.model import Role
from samplemind_daemon.store import sessions, sounds
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.tables import (
    Answers,
    ApiKeys,
    Audios,
    Events,
    Familiars,
    FlagOverrides,
    Folders,
    OneTimeCodes,
    RefreshTokens,
    Sessions,
    Uploads,
    Users,
)

STEP = 200  # sounds in one transaction: the writer is for everybody


def shut_out(db: Database, user: str) -> bool:
    """Refuse whatever the account asks for from now on; False for the owner, who stays."""
    if Users.select(Users.role).where(Users.id == user).scalar(db) == Role.OWNER:
        return False
    Users.update(disabled=True).where(Users.id == user).execute(db)
    sessions.end_all(db, user, now())
    return True


def forget_sounds(db: Database, user: str) -> int:
    """Forget some of the account's sounds with their jobs, whose workers keep nothing; how many it were."""
    ids = [
        id for (id,) in Audios.select(Audios.id).where(Audios.user == user).limit(STEP).tuples().execute(db)
    ]
    for id in ids:
        sounds.remove(db, user, id)
    return len(ids)


def forget_account(db: Database, user: str) -> None:
    """Forget the account and what else is its; what it changed for all is remembered as somebody's."""
    mine = Sessions.select(Sessions.id).where(Sessions.user == user)
    RefreshTokens.delete().where(RefreshTokens.session.in_(mine)).execute(db)
    for table in (
        Answers, ApiKeys, Events, Familiars, FlagOverrides, Folders, OneTimeCodes, Sessions, Uploads,
    ):  # fmt: skip
        table.delete().where(table.user == user).execute(db)
    Users.delete().where(Users.id == user).execute(db)
