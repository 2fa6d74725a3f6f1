"""I4 and I6: what users say is said of sounds that there are, by those whose sounds they are."""

import json
from collections.abc import Iterator
from functools import partial
from itertools import chain

from peewee import JOIN

from samplemind_daemon.store import corrections
from samplemind_daemon.store.check.fault import Fault
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import Audios, Corrections


def faults(db: Database) -> Iterator[Fault]:
    """Corrections of no sound, of another user's, or that nobody can read."""
    return chain(_soundless(db), _crossed(db), _unreadable(db))


def _soundless(db: Database) -> Iterator[Fault]:
    query = Corrections.select(Corrections.audio, Corrections.name).join(
        Audios, JOIN.LEFT_OUTER, on=(Audios.id == Corrections.audio)
    )
    for audio, name in query.where(Audios.id.is_null()).tuples().execute(db):
        yield Fault("I4", f"correction of {name}", f"its sound {audio} is gone", partial(_drop, audio, name))


def _crossed(db: Database) -> Iterator[Fault]:
    query = Corrections.select(Corrections.audio, Corrections.name, Corrections.user, Audios.user).join(
        Audios, on=(Audios.id == Corrections.audio)
    )
    for audio, name, user, owner in query.where(Audios.user != Corrections.user).tuples().execute(db):
        problem = f"user {user} made it, and user {owner} has the sound"
        yield Fault("I6", f"correction of {name} of sound {audio}", problem)


def _unreadable(db: Database) -> Iterator[Fault]:
    query = Corrections.select(Corrections.audio, Corrections.name, Corrections.value)
    for audio, name, value in query.tuples().execute(db):
        try:
            json.loads(value)
        except ValueError:
            problem = f"{value[:60]!r} is no value"
            yield Fault("I4", f"correction of {name} of sound {audio}", problem, partial(_drop, audio, name))


def _drop(audio: str, name: str, db: Database) -> str:
    corrections.drop(db, audio, name)
    return "it is forgotten"
