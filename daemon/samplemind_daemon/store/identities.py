"""Which contents are the same sound: the same samples, or the same recording in another encoding.

Each content is compared once, when it has been heard, with those that share rare words of its print: an index finds
them, so that 100,000 sounds are never compared pair by pair.
"""

from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from peewee import JOIN, fn

from samplemind_daemon.model import Result
from samplemind_daemon.store import recordings
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.dialect import number_in, part
from samplemind_daemon.store.prepared import Given, Prepared, among, rows_of
from samplemind_daemon.store.tables import Audios, Contents, Prints, PrintTwins, PrintWords

ANALYZER = "identity"
MOST_WORDS = 64  # of a print that are entered, and looked up
KEY_BITS = 24  # of a word, its low bands, that are compared there: of all 32 too few stay the same in another encoding
FEW_WORDS = 128  # in a print: of fewer, those that differ in one bit are looked up, too
MOST_COMPARED = 30  # prints, those that share the most words
MOST_PRINT = 50_000  # characters
WHOLE_SECONDS = 59.0  # from which on a print may be of a part only, ...
APART = 0.02  # ... and lengths tell, too
_FLIPS = (0, *(1 << bit for bit in range(KEY_BITS)))
_MIX = 2_654_435_761  # Knuth's: spreads words evenly, so that the lowest ones are any


@dataclass(frozen=True)
class Content:
    """A content that a user has, how often, and what tells that it is another's sound."""

    sha256: str
    audio: str  # digest of its samples; empty if not known
    serial: int  # 0 if not known
    audios: int
    first: str  # the least of the ids of its sounds


def keep(db: Database, sha256: str, found: Iterable[Result]) -> None:
    """Keep what identifies a content, if these results say it, and find its twins."""
    for result in found:
        if result.analyzer == ANALYZER:
            said = {one.name: one.value for one in result.descriptors}
            drop(db, sha256)
            audio, kept = str(said.get("identity.audio") or "")[:64], _bytes(said.get("identity.print"))
            seconds = _seconds(db, sha256)
            serial = Prints.insert(sha256=sha256, audio=audio, print=kept, seconds=seconds).execute(db)
            if (one := recordings.read(kept)) is not None:
                _find_twins(db, serial, one, seconds)


def drop(db: Database, sha256: str) -> None:
    """Forget what identifies a content."""
    serial = Prints.select(Prints.serial).where(Prints.sha256 == sha256).scalar(db)
    if serial is not None:
        PrintWords.delete().where(PrintWords.serial == serial).execute(db)
        PrintTwins.delete().where((PrintTwins.serial == serial) | (PrintTwins.other == serial)).execute(db)
        Prints.delete().where(Prints.serial == serial).execute(db)


def contents(db: Database, user: str) -> list[Content]:
    """The contents of the user's sounds that are there."""
    query = (
        Audios.select(Audios.sha256, Prints.audio, Prints.serial, fn.COUNT(Audios.id), fn.MIN(Audios.id))
        .join(Prints, JOIN.LEFT_OUTER, on=(Prints.sha256 == Audios.sha256))
        .where((Audios.user == user) & Audios.missing_at.is_null())
        .group_by(Audios.sha256, Prints.audio, Prints.serial)
    )
    return [
        Content(sha256, audio or "", serial or 0, count, first)
        for sha256, audio, serial, count, first in query.tuples().execute(db)
    ]


def twins(db: Database) -> Iterator[tuple[int, int]]:
    """All pairs of contents that are the same recording, by serial."""
    yield from PrintTwins.select(PrintTwins.serial, PrintTwins.other).tuples().execute(db)


def audios_of(db: Database, user: str, sha256s: Collection[str], limit: int) -> list[str]:
    """Up to `limit` of the user's sounds with one of up to 500 contents that are there."""
    mine = (Audios.user == user) & Audios.missing_at.is_null() & Audios.sha256.in_(list(sha256s))
    query = Audios.select(Audios.id).where(mine).order_by(Audios.id).limit(limit)
    return [id for (id,) in query.tuples().execute(db)]


def _find_twins(db: Database, serial: int, one: recordings.Print, seconds: float) -> None:
    keys = sorted({word % 2**KEY_BITS for word in one.loud_words()}, key=lambda key: key * _MIX % 2**32)[
        :MOST_WORDS
    ]
    sought = {key ^ flip for key in keys for flip in (_FLIPS if one.count < FEW_WORDS else (0,))}
    pairs = []
    for other, kept, lasts in _ALIKE.rows(db, words=sorted(sought)):
        print_ = recordings.read(bytes(kept))
        if print_ is not None and _may_be_one(seconds, lasts) and recordings.are_one(one, print_):
            pairs.append({"serial": min(serial, other), "other": max(serial, other)})
    if pairs:
        PrintTwins.insert_many(pairs).on_conflict_ignore().execute(db)
    _ADD_WORDS.run(db, words=[[key] for key in keys], serial=serial)


def _may_be_one(seconds: float, other: float) -> bool:
    """Whether lengths do not tell two sounds apart: those that are longer than their prints must be as long."""
    longer = max(seconds, other)
    return longer < WHOLE_SECONDS or abs(seconds - other) <= APART * longer


def _seconds(db: Database, sha256: str) -> float:
    media = number_in(Contents.media, "seconds")
    return float(Contents.select(media).where(Contents.sha256 == sha256).scalar(db) or 0.0)


def _bytes(said: object) -> bytes:
    """What a print says, words before levels; nothing if it is none: nothing that a worker says is trusted."""
    try:
        words, levels = said if isinstance(said, tuple) else ("", "")
        return (
            b64decode(words, validate=True) + b64decode(levels, validate=True)
            if len(words) <= MOST_PRINT
            else b""
        )
    except (NoBase64, ValueError, TypeError):
        return b""


_SHARED = (
    PrintWords.select(PrintWords.serial).where(among(PrintWords.word, "words")).group_by(PrintWords.serial)
)
_MOST_SHARED = _SHARED.order_by(fn.COUNT(PrintWords.word).desc(), PrintWords.serial.desc())
_ALIKE = Prepared(
    Prints.select(Prints.serial, Prints.print, Prints.seconds).where(
        Prints.serial.in_(_MOST_SHARED.limit(MOST_COMPARED))
    )
)
_ADD_WORDS = Prepared(
    PrintWords.insert_from(
        rows_of("words", part(0, is_number=True), Given("serial")), [PrintWords.word, PrintWords.serial]
    )
)
