"""A database that is taken from one home to another."""

import os
from contextlib import closing
from datetime import datetime
from pathlib import Path

from samplemind_daemon.store import folders, sessions
from samplemind_daemon.store.database import Store
from samplemind_daemon.store.opening import opened
from samplemind_daemon.store.sqlite import read_only
from samplemind_daemon.store.tables import Folders, Users


def contents(path: Path) -> list[str]:
    """The digests of all contents that a database of any shape knows."""
    with closing(read_only(path)) as db:
        return [sha256 for (sha256,) in db.execute("SELECT sha256 FROM contents ORDER BY sha256")]


def outside(path: Path, inbox: Path) -> list[str]:
    """The watch folders that a database of any shape knows, without the inbox."""
    with closing(read_only(path)) as db:
        found = [os.fsdecode(folder) for (folder,) in db.execute("SELECT path FROM folders ORDER BY path")]
    return [folder for folder in found if folder != str(inbox)]


def settle_in(path: Path, inbox: tuple[Path, Path], moment: datetime | None) -> None:
    """Bring a database to today's shape and to its new home: the inbox moves from one path to another.

    Every session ends unless `moment` is None. Raises CannotOpen as Store.migrate.
    """
    Store(path).migrate()
    db, (old, new) = opened(path), inbox
    with closing(db), db.writing():
        if moment is not None:
            for (user,) in list(Users.select(Users.id).tuples().execute(db)):
                sessions.end_all(db, user, moment)
        for (folder,) in list(
            Folders.select(Folders.id).where(Folders.path == os.fsencode(old)).tuples().execute(db)
        ):
            Folders.update(path=os.fsencode(new)).where(Folders.id == folder).execute(db)
            folders.mark(db, folder, "")  # it is another folder than the one that was marked, and rightly so
