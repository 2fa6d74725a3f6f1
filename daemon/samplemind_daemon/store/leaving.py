"""An account that leaves, and all that is its."""

from collections.abc import Collection

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
    WriteFiles,
    Writes,
)

STEP = 200  # sounds in one transaction: the writer is for everybody


def shut_out(db: Database, user: str) -> bool:
    """Refuse whatever the account asks for from now on; False for the owner, who stays."""
    if Users.select(Users.role).where(Users.id == user).scalar(db) == Role.OWNER:
        return False
    Users.update(disabled=True).where(Users.id == user).execute(db)
    sessions.end_all(db, user, now())
    return True


def forget_sounds(db: Database, user: str) -> list[str]:
    """Forget some of the account's sounds with their jobs, whose workers keep nothing: the digests, or none left."""
    some = Audios.select(Audios.id, Audios.sha256).where(Audios.user == user).limit(STEP)
    gone = list(some.tuples().execute(db))
    for id, _ in gone:
        sounds.remove(db, user, id)
    return [sha256 for _, sha256 in gone]


def wanted(db: Database, sha256s: Collection[str]) -> set[str]:
    """Which of these contents somebody has, or is about to have: an upload of them is not finished."""
    asked, arriving = list(sha256s), set[str]()
    for start in range(0, len(asked), STEP):
        some = Uploads.sha256.in_(asked[start : start + STEP]) & Uploads.audio.is_null()
        arriving |= {sha for (sha,) in Uploads.select(Uploads.sha256).where(some).tuples().execute(db)}
    return arriving | sounds.digests(db, asked)


def forget_account(db: Database, user: str) -> None:
    """Forget the account and what else is its; what it changed for all is remembered as somebody's."""
    mine = Sessions.select(Sessions.id).where(Sessions.user == user)
    RefreshTokens.delete().where(RefreshTokens.session.in_(mine)).execute(db)
    written = Writes.select(Writes.id).where(Writes.user == user)
    WriteFiles.delete().where(WriteFiles.write.in_(written)).execute(db)
    for table in (
        Answers, ApiKeys, Events, Familiars, FlagOverrides, Folders, OneTimeCodes, Sessions, Uploads, Writes,
    ):  # fmt: skip
        table.delete().where(table.user == user).execute(db)
    Users.delete().where(Users.id == user).execute(db)
