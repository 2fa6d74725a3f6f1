"""The catalogue: each sound with what it is searched and sorted by, as its results, its user and its name say."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from peewee import JOIN, fn

from samplemind_daemon.analysis.corrected import corrected, needed
from samplemind_daemon.model import Media, State
from samplemind_daemon.store import corrections, results
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.entries import NAMES, Entry, Label, entry
from samplemind_daemon.store.prepared import Given, Prepared
from samplemind_daemon.store.tables import Audios, Catalogue, Contents, Labels, Words

STEP = 200  # sounds at a time
_COLUMNS = tuple(field for field in Catalogue._meta.sorted_fields if field.name not in ("sound", "audio"))


def refresh(db: Database, audios: Sequence[str]) -> None:
    """Enter these sounds anew, from their results, corrections and names as they are now; those that are gone leave."""
    for start in range(0, len(audios), STEP):
        some = list(dict.fromkeys(audios[start : start + STEP]))
        entries = wanted(db, some)
        forget(db, [id for id in some if id not in entries])
        if entries:
            _enter(db, entries)


def hear(db: Database, sha256: str) -> None:
    """Enter all sounds with this content anew: it was heard."""
    query = Audios.select(Audios.id).where(Audios.sha256 == sha256)
    refresh(db, [id for (id,) in query.tuples().execute(db)])


def move(db: Database, audio: str, state: State) -> None:
    """Enter the state of a sound, of which nothing else has changed."""
    _move().run(db, audio=audio, state=state)


def forget(db: Database, audios: Collection[str]) -> None:
    """Take sounds out."""
    if not audios:
        return
    query = Catalogue.select(Catalogue.sound).where(Catalogue.audio.in_(list(audios)))
    numbers = [sound for (sound,) in query.tuples().execute(db)]
    if numbers:  # or SQLite would look at every row to find that it is none of none
        _relabel(db, dict.fromkeys(numbers, frozenset()))
        Catalogue.delete().where(Catalogue.sound.in_(numbers)).execute(db)


def missing(db: Database, after: str = "") -> list[str]:
    """Up to STEP sounds that are not entered, those of an earlier SampleMind, in the order of their ids from one on."""
    query = Audios.select(Audios.id).join(Catalogue, JOIN.LEFT_OUTER, on=(Catalogue.audio == Audios.id))
    later = query.where((Audios.id > after) & Catalogue.sound.is_null()).order_by(Audios.id)
    return [id for (id,) in later.limit(STEP).tuples().execute(db)]


def wanted(db: Database, audios: Sequence[str]) -> dict[str, Entry]:
    """What the catalogue shall say of up to STEP sounds, those that there are."""
    query = (
        Audios.select(
            Audios.id, Audios.user, Audios.name, Audios.created_at, Audios.folder, Audios.state, Audios.size,
            Audios.sha256, Contents.media,
        )
        .join(Contents, JOIN.LEFT_OUTER, on=(Contents.sha256 == Audios.sha256))
        .where(Audios.id.in_(list(audios)))
    )  # fmt: skip
    rows = list(query.dicts().execute(db))
    said = corrections.of_many(db, [row["id"] for row in rows])
    heard = results.of_many(db, list({row["sha256"] for row in rows}), needed(NAMES) if said else NAMES)
    found = {}
    for row in rows:
        id, sha256, media = row.pop("id"), row.pop("sha256"), _media(row.pop("media"))
        known = corrected(heard.get(sha256, ()), said.get(id, ()), media.seconds if media else 0.0)
        about = entry(row["name"], media, {one.name: one for result in known for one in result.descriptors})
        found[id] = Entry(row | about.columns, about.labels)
    return found


def kept(db: Database, audios: Sequence[str]) -> dict[str, Entry]:
    """What the catalogue says of up to STEP sounds, those that are entered."""
    rows = list(Catalogue.select().where(Catalogue.audio.in_(list(audios))).dicts().execute(db))
    query = Labels.select(Labels.sound, Words.aspect, Words.word)
    joined = query.join(Words, JOIN.LEFT_OUTER, on=(Words.id == Labels.word))
    labels: dict[int, set[Label]] = {row["sound"]: set() for row in rows}
    for sound, aspect, word in joined.where(Labels.sound.in_(list(labels))).tuples().execute(db):
        labels[sound].add((aspect, word))
    return {row.pop("audio"): Entry(row, frozenset(labels[row.pop("sound")])) for row in rows}


@cache
def _move() -> Prepared:
    return Prepared(Catalogue.update(state=Given("state")).where(Catalogue.audio == Given("audio")))


def _enter(db: Database, entries: Mapping[str, Entry]) -> None:
    rows = [{"audio": audio, **one.columns} for audio, one in entries.items()]
    Catalogue.insert_many(rows).on_conflict(conflict_target=(Catalogue.audio,), preserve=_COLUMNS).execute(db)
    entered = Catalogue.select(Catalogue.sound, Catalogue.audio, Catalogue.user)
    numbered = list(entered.where(Catalogue.audio.in_(list(entries))).tuples().execute(db))
    labels: dict[int, frozenset[int]] = {}
    for user in {user for *_, user in numbered}:
        mine = [(sound, entries[audio].labels) for sound, audio, owner in numbered if owner == user]
        numbers = _number(db, user, {label for _, some in mine for label in some})
        labels |= {sound: frozenset(numbers[label] for label in some) for sound, some in mine}
    _relabel(db, labels)


def _number(db: Database, user: str, labels: Iterable[Label]) -> dict[Label, int]:
    """The numbers of a user's words, new ones too."""
    numbers: dict[Label, int] = {}
    wanted = sorted(labels)
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        words = Words.word.in_(list({word for _, word in some}))
        about = (Words.user == user) & Words.aspect.in_(list({aspect for aspect, _ in some})) & words
        query = Words.select(Words.aspect, Words.word, Words.id).where(about).tuples()
        known = {(aspect, word): id for aspect, word, id in query.execute(db)}
        if new := [label for label in some if label not in known]:
            rows = [{"user": user, "aspect": aspect, "word": word} for aspect, word in new]
            Words.insert_many(rows).on_conflict_ignore().execute(db)  # RETURNING is of SQLite 3.35 and later
            known = {(aspect, word): id for aspect, word, id in query.clone().execute(db)}
        numbers |= {label: known[label] for label in some}
    return numbers


def _relabel(db: Database, labels: Mapping[int, frozenset[int]]) -> None:
    """Give sounds these labels, and no others; words that no sound has any more go."""
    query = Labels.select(Labels.sound, Labels.word).where(Labels.sound.in_(list(labels)))
    before: dict[int, set[int]] = {sound: set() for sound in labels}
    for sound, word in query.tuples().execute(db):
        before[sound].add(word)
    new = [(word, sound) for sound, words in labels.items() for word in words - before[sound]]
    for start in range(0, len(new), 1_000):
        Labels.insert_many(new[start : start + 1_000], fields=(Labels.word, Labels.sound)).execute(db)
    gone: set[int] = set()
    for sound, words in before.items():
        if old := words - labels[sound]:
            Labels.delete().where((Labels.sound == sound) & Labels.word.in_(list(old))).execute(db)
            gone |= old
    used = fn.EXISTS(Labels.select().where(Labels.word == Words.id))
    for start in range(0, len(some := sorted(gone)), 500):
        Words.delete().where(Words.id.in_(some[start : start + 500]) & ~used).execute(db)


def _media(kept: str | None) -> Media | None:
    return Media(**json.loads(kept)) if kept else None
