"""The labels of sounds: words of their user, by aspect, of which each is kept once for all sounds that have it."""

from collections.abc import Collection, Mapping

from peewee import JOIN, fn

from samplemind_daemon.store.database import Database
from samplemind_daemon.store.dialect import part
from samplemind_daemon.store.entries import Label
from samplemind_daemon.store.prepared import Given, Prepared, among, rows_of
from samplemind_daemon.store.tables import Catalogue, Labels, Words

Numbered = dict[int, Label]  # the labels of a sound, by the number of the word


def of(db: Database, sounds: Collection[int]) -> dict[int, Numbered]:
    """The labels of each of these sounds; one whose word is not of its user is of no aspect."""
    found: dict[int, Numbered] = {sound: {} for sound in sounds}
    for row in _OF.rows(db, sounds=list(sounds)):
        found[row.sound][row.number] = (row.aspect or "", row.word or "")
    return found


def put(
    db: Database, user: str, wanted: Mapping[int, Collection[Label]], known: Mapping[int, Numbered]
) -> None:
    """Give sounds of a user these labels in place of those that they are known to have."""
    new, old = list[tuple[int, str, str]](), list[tuple[int, list[int]]]()
    for sound, labels in wanted.items():
        has = known.get(sound, {})
        new += [(sound, *label) for label in set(labels).difference(has.values())]
        if gone := [number for number, label in has.items() if label not in labels]:
            old.append((sound, gone))
    for sound, numbers in old:  # first: a word that comes anew may get the number of one that was lost
        _TAKE.run(db, sound=sound, words=numbers)
    if new:
        _ADD_WORDS.run(db, user=user, labels=new)
        _ADD.run(db, user=user, labels=new)
    if old:
        _drop_words(db, {number for _, numbers in old for number in numbers})


def drop(db: Database, sounds: Collection[int]) -> None:
    """Take all labels of these sounds."""
    words = {row.word for row in _WORDS.rows(db, sounds=list(sounds))}
    _DROP.run(db, sounds=list(sounds))
    _drop_words(db, words)


def _drop_words(db: Database, words: Collection[int]) -> None:
    """Drop those of these words that no sound has any more."""
    _DROP_WORDS.run(db, words=list(words))


_SOUND, _ASPECT, _WORD = part(0, is_number=True), part(1), part(2)  # of a label that is to be added
_IS_THIS = (Words.user == Given("user")) & (Words.aspect == _ASPECT) & (Words.word == _WORD)
_OF = Prepared(
    Labels.select(Labels.sound, Labels.word.alias("number"), Words.aspect, Words.word)
    .join(Catalogue, on=(Catalogue.sound == Labels.sound))
    .switch(Labels)
    .join(Words, JOIN.LEFT_OUTER, on=((Words.id == Labels.word) & (Words.user == Catalogue.user)))
    .where(among(Labels.sound, "sounds"))
)
_ADD_WORDS = Prepared(
    Words.insert_from(
        rows_of("labels", Given("user"), _ASPECT, _WORD), [Words.user, Words.aspect, Words.word]
    ).on_conflict_ignore()
)
_ADD = Prepared(
    Labels.insert_from(
        # as a join SQLite would look at all of the user's words first
        rows_of("labels", Words.select(Words.id).where(_IS_THIS), _SOUND),
        [Labels.word, Labels.sound],
    )
)
_TAKE = Prepared(Labels.delete().where((Labels.sound == Given("sound")) & among(Labels.word, "words")))
_WORDS = Prepared(Labels.select(Labels.word).where(among(Labels.sound, "sounds")))
_DROP = Prepared(Labels.delete().where(among(Labels.sound, "sounds")))
_DROP_WORDS = Prepared(
    Words.delete().where(
        among(Words.id, "words") & ~fn.EXISTS(Labels.select().where(Labels.word == Words.id))
    )
)
