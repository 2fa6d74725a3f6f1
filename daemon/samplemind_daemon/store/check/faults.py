"""All faults of a home: those of its database, and those of its files."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from itertools import chain, islice
from pathlib import Path

from peewee import DatabaseError

from samplemind_daemon.store.blobs import Blobs
from samplemind_daemon.store.check import content, corrections, history, leftovers, owners, searched, work
from samplemind_daemon.store.check.content import Wanted
from samplemind_daemon.store.check.fault import MOST, Fault
from samplemind_daemon.store.connection import Place
from samplemind_daemon.store.opening import opened


def database(place: Place) -> tuple[list[Fault], Wanted | None]:
    """What is wrong with the rows, as of one moment, and which bytes they need; None where nobody can say."""
    db = opened(place)
    try:
        with closing(db), db.reading():
            if damage := [Fault("I1", "the database", f"it is damaged: {why}") for why in db.damage()]:
                return damage, None
            found = chain(  # as they are to be repaired
                history.faults(db),
                work.faults(db),
                owners.faults(db),
                corrections.faults(db),
                searched.faults(db),
            )
            return list(islice(found, MOST)), content.wanted(db)
    except (DatabaseError, sqlite3.Error) as error:
        return [Fault("I1", "the database", f"it cannot be read: {error}")], None


def files(home: Path, blobs: Blobs, wanted: Wanted, deep: bool) -> list[Fault]:
    """What is wrong with the bytes that the rows need, and with what lies beside them.

    Every kept byte is read if they lie on this machine, or if it is to be `deep`.
    """
    found: Iterable[Fault] = chain(
        content.faults(home, blobs, wanted, deep), leftovers.faults(home, blobs, wanted)
    )
    return list(islice(found, MOST))
