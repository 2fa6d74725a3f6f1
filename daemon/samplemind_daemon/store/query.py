"""Finding sounds in the catalogue: which match, in which order, and how many have what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import SQL, fn

from samplemind_daemon.model import Order, Query, Range
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.dialect import in_its_turn
from samplemind_daemon.store.entries import fold, sought
from samplemind_daemon.store.tables import Catalogue, Labels, Words

ORDERS = {
    "created_at": Catalogue.created_at,
    "name": Catalogue.name,
    "bpm": Catalogue.bpm,
    "key": Catalogue.key,
    "loudness": Catalogue.loudness,
    "duration": Catalogue.duration,
    "energy": Catalogue.energy,
    "size_bytes": Catalogue.size,
}
COUNTED = {"kind": Catalogue.kind, "key": Catalogue.key, "bpm": Catalogue.bpm, "folder": Catalogue.folder,
           "state": Catalogue.state}  # fmt: skip
LABELLED = ("genre", "mood", "instrument", "tag")
MOST_COUNTS = 50  # of a facet
NEWEST = Order()
_LAST = "\U0010ffff"  # no word goes on with it
_NOTHING = SQL("0 = 1")


@dataclass(frozen=True)
class Row:
    """A sound that was found, and where it stands: what `page` goes on after."""

    audio: str
    value: Any  # as it is stored
    sound: int


def page(
    db: Database, user: str, query: Query, order: Order, limit: int, after: tuple[Any, int] | None = None
) -> list[Row]:
    """Up to `limit` of the user's sounds that match, after the one with this value and number."""
    column = ORDERS[order.field]
    wanted = matches(user, query)
    if after is not None:
        wanted &= _later(column, order.descending, *after)
    found = (
        Catalogue.select(column, Catalogue.sound).where(wanted).order_by(*_sorted(column, order.descending))
    )
    # The whole row lies elsewhere: only those of this page are read.
    rows = [(column.db_value(value), sound) for value, sound in found.limit(limit).tuples().execute(db)]
    audios = _audios(db, [sound for _, sound in rows])
    return [Row(audios[sound], value, sound) for value, sound in rows]


def ids(db: Database, user: str, query: Query, order: Order = NEWEST) -> list[str]:
    """All of the user's sounds that match."""
    column = ORDERS[order.field]
    found = Catalogue.select(Catalogue.audio).where(matches(user, query))
    ordered = found.order_by(*_sorted(column, order.descending))
    # without peewee's rows, which take three times as long as all else
    return [audio for (audio,) in db.execute_sql(*db.get_sql_context().sql(ordered).query())]


def count(db: Database, user: str, query: Query) -> int:
    """How many of the user's sounds match."""
    return int(Catalogue.select(fn.COUNT(Catalogue.sound)).where(matches(user, query)).scalar(db))


def facet(db: Database, user: str, query: Query, name: str) -> list[tuple[Any, int]]:
    """How many of the sounds that match have which value of a column, or which label, the most frequent first.

    Of labels the first MOST_COUNTS; of columns all, without the sounds that have no value.
    """
    if name in COUNTED:
        column, number = COUNTED[name], fn.COUNT(Catalogue.sound)
        has = column != "" if name == "kind" else column.is_null(False)
        query_ = Catalogue.select(column, number).where(matches(user, query) & has).group_by(column)
        return list(query_.order_by(number.desc(), column).tuples().execute(db))
    number, about = fn.COUNT(Labels.sound), (Words.user == user) & (Words.aspect == name)
    if query != Query():
        # The sum keeps SQLite from looking each sound up under each word: all labels are read, in their order.
        about &= (Labels.sound + 0).in_(Catalogue.select(Catalogue.sound).where(matches(user, query)))
    labelled = Words.select(Words.word, number).join(Labels, on=(Labels.word == Words.id)).where(about)
    ranked = labelled.group_by(Words.id, Words.word).order_by(number.desc(), Words.word)
    return list(ranked.limit(MOST_COUNTS).tuples().execute(db))


def matches(user: str, query: Query) -> Any:
    """The condition on rows of the catalogue."""
    wanted = Catalogue.user == user
    if query.owner not in ("", user):
        return wanted & _NOTHING
    for place, labelled in enumerate(_labels(user, query)):
        # How many sounds have a word PostgreSQL does not know: it would read all of the second for each of the first.
        wanted &= in_its_turn(labelled) if place else labelled
    for column, some in (
        (Catalogue.kind, query.kinds), (Catalogue.folder, query.folders), (Catalogue.state, query.states),
    ):  # fmt: skip
        if some:
            wanted &= column.in_(some)
    return _in_ranges(wanted, query)


def _in_ranges(wanted: Any, query: Query) -> Any:
    for column, bounds in ((Catalogue.loudness, query.loudness), (Catalogue.duration, query.duration)):
        if bounds != Range():
            wanted &= _within(column, bounds)
    if query.bpm != Range():
        near = _within(Catalogue.bpm, query.bpm)
        for factor in (0.5, 2) if query.half_double else ():
            near |= _within(Catalogue.bpm, query.bpm, factor)
        wanted &= near
    if query.harmony is not None:
        fits = Catalogue.key.in_(sorted(query.harmony.keys))
        if query.harmony.roots:
            fits |= Catalogue.key.is_null() & Catalogue.root.in_(sorted(query.harmony.roots))
        wanted &= fits
    return wanted


def _within(column: Any, bounds: Range, factor: float = 1) -> Any:
    low = None if bounds.low is None else bounds.low * factor
    high = None if bounds.high is None else bounds.high * factor
    if low is None:
        return column <= high
    return column >= low if high is None else column.between(low, high)


def _labels(user: str, query: Query) -> Iterator[Any]:
    """The conditions on the labels of a sound."""
    for word in sought(query.text):
        yield _labelled(user, "text", (Words.word >= word) & (Words.word < word + _LAST))
    for aspect, all_of in (("tag", query.tags), ("instrument", query.instruments)):
        for label in all_of:
            yield _labelled(user, aspect, Words.word == fold(label))
    for aspect, one_of in (("genre", query.genres), ("mood", query.moods)):
        if one_of:
            yield _labelled(user, aspect, Words.word.in_([fold(label) for label in one_of]))


def _labelled(user: str, aspect: str, word: Any) -> Any:
    """That a sound has one of these labels."""
    labels = Labels.select(Labels.sound).join(Words, on=(Words.id == Labels.word))
    return Catalogue.sound.in_(labels.where((Words.user == user) & (Words.aspect == aspect) & word))


def _sorted(column: Any, descending: bool) -> tuple[Any, ...]:
    ordered = (column.desc(), Catalogue.sound.desc()) if descending else (column, Catalogue.sound)
    return (column.is_null(), *ordered) if column.null else ordered


def _later(column: Any, descending: bool, value: Any, sound: int) -> Any:
    """That a sound comes after this one."""
    beside = Catalogue.sound < sound if descending else Catalogue.sound > sound
    if value is None:
        return column.is_null() & beside
    value = column.python_value(value)
    further = column < value if descending else column > value
    here = column <= value if descending else column >= value  # where the index is entered
    later = here & (further | beside)
    return later | column.is_null() if column.null else later


def _audios(db: Database, sounds: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(sounds), 500):
        some = Catalogue.sound.in_(list(sounds[start : start + 500]))
        found |= dict(Catalogue.select(Catalogue.sound, Catalogue.audio).where(some).tuples().execute(db))
    return found
