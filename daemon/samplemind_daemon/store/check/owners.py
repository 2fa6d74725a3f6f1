"""I6: whatever is a user's leads to that user's things only."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from peewee import JOIN

from samplemind_daemon.store.check.fault import Fault
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import ApiKeys, Audios, Events, Folders, Jobs, Sessions, Uploads, Users

_OWNED = {
    "sound": Audios,
    "job": Jobs,
    "upload": Uploads,
    "folder": Folders,
    "session": Sessions,
    "key": ApiKeys,
}


def faults(db: Database) -> Iterator[Fault]:
    """Rows of one user that lead to another's, and rows of nobody. Whose they are, only a person can say."""
    return chain(
        _crossed(db, "job", Jobs, Jobs.audio, Audios),
        _crossed(db, "upload", Uploads, Uploads.audio, Audios),
        _crossed(db, "sound", Audios, Audios.folder, Folders),
        _told_to_others(db),
        *(_ownerless(db, what, table) for what, table in _OWNED.items()),
    )


def _crossed(db: Database, what: str, table: Any, link: Any, other: Any) -> Iterator[Fault]:
    query = table.select(table.id, table.user, other.user).join(other, on=(other.id == link))
    for id, user, owner in query.where(other.user != table.user).tuples().execute(db):
        yield Fault("I6", f"{what} {id}", f"it is of user {user}, and leads to what user {owner} has")


def _told_to_others(db: Database) -> Iterator[Fault]:
    query = Events.select(Events.user, Events.sequence, Audios.user).join(
        Audios, on=(Audios.id == Events.audio)
    )
    for user, sequence, owner in query.where(Audios.user != Events.user).tuples().execute(db):
        yield Fault("I6", f"event {sequence} of user {user}", f"it tells of a sound that user {owner} has")


def _ownerless(db: Database, what: str, table: Any) -> Iterator[Fault]:
    query = table.select(table.id, table.user).join(Users, JOIN.LEFT_OUTER, on=(Users.id == table.user))
    for id, user in query.where(Users.id.is_null()).tuples().execute(db):
        yield Fault("I6", f"{what} {id}", f"it is of user {user}, and there is no such user")
