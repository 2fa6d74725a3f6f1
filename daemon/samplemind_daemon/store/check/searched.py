"""I9: every sound is found by what its results, its user and its name say of it.

Sounds that are not in the catalogue at all are no fault: those of an earlier version enter as the daemon runs.
"""

from collections.abc import Iterator
from functools import partial
from itertools import chain

from peewee import JOIN

from samplemind_daemon.store import catalogue
from samplemind_daemon.store.check.fault import Fault
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.entries import Entry
from samplemind_daemon.store.tables import Audios, Catalogue, Labels, Words


def faults(db: Database) -> Iterator[Fault]:
    """Sounds that are found by something else, and entries and labels of nothing."""
    return chain(_gone(db), _stray(db), _other(db))


def _gone(db: Database) -> Iterator[Fault]:
    query = Catalogue.select(Catalogue.audio).join(Audios, JOIN.LEFT_OUTER, on=(Audios.id == Catalogue.audio))
    for (id,) in query.where(Audios.id.is_null()).tuples().execute(db):
        yield Fault("I9", f"sound {id}", "it is gone, and in the catalogue", partial(_forget, id))


def _forget(id: str, db: Database) -> str:
    catalogue.forget(db, [id])
    return "it is taken out"


def _stray(db: Database) -> Iterator[Fault]:
    query = (
        Labels.select(Labels.word, Labels.sound)
        .join(Catalogue, JOIN.LEFT_OUTER, on=(Catalogue.sound == Labels.sound))
        .switch(Labels)
        .join(Words, JOIN.LEFT_OUTER, on=(Words.id == Labels.word))
        .where(Catalogue.sound.is_null() | Words.id.is_null() | (Words.user != Catalogue.user))
    )
    for word, sound in query.tuples().execute(db):
        subject = f"label {word} of entry {sound}"
        yield Fault(
            "I9",
            subject,
            "there is no such word of its user, or no such entry",
            partial(_unlabel, word, sound),
        )


def _unlabel(word: int, sound: int, db: Database) -> str:
    Labels.delete().where((Labels.word == word) & (Labels.sound == sound)).execute(db)
    return "it is taken off"


def _other(db: Database) -> Iterator[Fault]:
    last = ""
    while ids := _after(db, last):
        last = ids[-1]
        wanted = catalogue.wanted(db, ids)
        for id, kept in catalogue.kept(db, ids).items():
            if difference := _difference(kept, wanted[id]):
                yield Fault("I9", f"sound {id}", difference, partial(_enter, id))


def _after(db: Database, last: str) -> list[str]:
    query = Audios.select(Audios.id).where(Audios.id > last).order_by(Audios.id).limit(catalogue.STEP)
    return [id for (id,) in query.tuples().execute(db)]


def _difference(kept: Entry, wanted: Entry) -> str:
    for name, value in wanted.columns.items():
        if kept.columns[name] != value:
            return f"it is found by the {name} {kept.columns[name]!r}, and has {value!r}"
    if kept.labels != wanted.labels:
        aspect, word = min(kept.labels ^ wanted.labels)
        return f"it is {'' if (aspect, word) in kept.labels else 'not '}found by the {aspect} {word!r}"
    return ""


def _enter(id: str, db: Database) -> str:
    catalogue.refresh(db, [id])
    return "it is entered anew"
