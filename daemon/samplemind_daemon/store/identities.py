"""Which contents are the same sound: the same samples, or the same recording in another encoding.

Each content is compared once, when it has been heard, with those that share rare words of its print: an index finds
them, so that 100,000 sounds are never compared pair by pair.
"""

from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from peewee import fn

from samplemind_daemon.model import Result
from samplemind_daemon.store import recordings
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import Audios, Contents, Prints, PrintTwins, PrintWords

ANALYZER = "identity"
MOST_WORDS = 32  # of a print that are looked up
MOST_COMPARED = 30  # prints, those that share the most words
MOST_PRINT = 100_000  # characters
WHOLE_SECONDS = 89.0  # from which on a print may be of a part only, ...
APART = 0.02  # ... and lengths tell, too
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
            said = {one.name: one.value for one in result.descriptors if isinstance(one.value, str)}
            drop(db, sha256)
            audio, kept = said.get("identity.audio", "")[:64], _bytes(said.get("identity.print", ""))
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
        .join(Prints, "LEFT OUTER", on=(Prints.sha256 == Audios.sha256))
        .where((Audios.user == user) & Audios.missing_at.is_null())
        .group_by(Audios.sha256)
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
    words = sorted(set(one.loud_words()), key=lambda word: word * _MIX % 2**32)[:MOST_WORDS]
    shared = (
        PrintWords.select(PrintWords.serial).where(PrintWords.word.in_(words)).group_by(PrintWords.serial)
    )
    alike = shared.order_by(fn.COUNT(PrintWords.word).desc(), PrintWords.serial.desc()).limit(MOST_COMPARED)
    candidates = Prints.select(Prints.serial, Prints.print, Prints.seconds).where(Prints.serial.in_(alike))
    pairs = []
    for other, kept, lasts in candidates.tuples().execute(db):
        print_ = recordings.read(bytes(kept))
        if print_ is not None and _may_be_one(seconds, lasts) and recordings.are_one(one, print_):
            pairs.append({"serial": min(serial, other), "other": max(serial, other)})
    if pairs:
        PrintTwins.insert_many(pairs).on_conflict_ignore().execute(db)
    PrintWords.insert_many([{"word": word, "serial": serial} for word in words]).execute(db)


def _may_be_one(seconds: float, other: float) -> bool:
    """Whether lengths do not tell two sounds apart: those that are longer than their prints must be as long."""
    longer = max(seconds, other)
    return longer < WHOLE_SECONDS or abs(seconds - other) <= APART * longer


def _seconds(db: Database, sha256: str) -> float:
    media = fn.json_extract(Contents.media, "$.seconds")
    return float(Contents.select(media).where(Contents.sha256 == sha256).scalar(db) or 0.0)


def _bytes(text: str) -> bytes:
    """What a print says; nothing if it is none: nothing that a worker says is trusted."""
    try:
        return b64decode(text, validate=True) if len(text) <= MOST_PRINT else b""
    except (NoBase64, ValueError):
        return b""
