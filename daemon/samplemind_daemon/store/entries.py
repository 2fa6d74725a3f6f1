"""What the catalogue says of a sound: the columns and the labels that follow from what is known of it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from samplemind_daemon.model import TONICS, Descriptor, Media

LIKELY = 0.5  # probability from which on a label is told, as in `tags`
LONGEST, MOST = 64, 100  # characters of a word; labels of one aspect: whatever a plugin says is bounded
LARGEST = 1e9  # no number that is searched for is as large
KINDS = ("song", "loop", "one-shot", "speech", "silence")
LABELS = {"genre": "genre.labels", "mood": "mood.labels", "instrument": "instruments.labels"}
NAMES = frozenset(
    {"kind.label", "tempo.bpm", "key.key", "key.tonic", "key.root_note", "loudness.integrated", "energy.level",
     "tags.words", *LABELS.values()}
)  # fmt: skip

Said = Mapping[str, Descriptor]  # by name
Label = tuple[str, str]  # aspect and word

_RUN = re.compile(r"[^\W_]+")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@dataclass(frozen=True)
class Entry:
    """What is searched and sorted by, of what was told and is not doubted."""

    columns: dict[str, Any]
    labels: frozenset[Label]


def entry(name: str, media: Media | None, said: Said) -> Entry:
    """The entry of a sound of this name, of which this is said, corrections included."""
    columns = {
        "name": _folded(name),
        "kind": kind if (kind := _word(said, "kind.label")) in KINDS else "",
        "bpm": _number(said, "tempo.bpm"),
        "key": place(_word(said, "key.key")),
        "root": root(_word(said, "key.root_note") or _word(said, "key.tonic")),
        "loudness": _number(said, "loudness.integrated"),
        "duration": media.seconds if media and media.seconds else None,
        "energy": _number(said, "energy.level"),
    }
    tags = _tags(said)
    labels = {("tag", tag) for tag in tags} | _texts(name, tags)
    for aspect, source in LABELS.items():
        labels |= {(aspect, label) for label in _labels(said, source)}
    return Entry(columns, frozenset(labels))


def renamed(name: str, labels: Iterable[Label]) -> tuple[str, frozenset[Label]]:
    """The column `name` and the labels of a sound that had these labels, under another name."""
    others = {label for label in labels if label[0] != "text"}
    return _folded(name), frozenset(
        others | _texts(name, {word for aspect, word in others if aspect == "tag"})
    )


def words(text: str) -> set[str]:
    """The words that a text is found by, folded: of "DrumLoop_01" drumloop, drum, loop and 01."""
    plain = _plain(text)
    found = {one.casefold() for one in _RUN.findall(plain)} | {one.lower() for one in _PART.findall(plain)}
    return {one[:LONGEST] for one in found}


def sought(text: str) -> tuple[str, ...]:
    """The words that somebody writes, folded: each begins one of `words` of what is meant."""
    return tuple(dict.fromkeys(one[:LONGEST] for one in _RUN.findall(_plain(text).casefold())))


def fold(label: str) -> str:
    """A label as it is compared: open_hat and "Open Hat" are "open hat"."""
    return _folded(label)[:LONGEST]


def place(key: str) -> int | None:
    """Where a key such as "A minor" lies on the Camelot wheel: 0 is 1A, 1 is 1B, … 23 is 12B; None if it is none."""
    tonic, _, mode = key.partition(" ")
    if tonic not in TONICS or mode not in ("minor", "major"):
        return None
    fifths = (
        (TONICS.index(tonic) + 3 * (mode == "minor")) * 7 % 12
    )  # that its major lies above C, which is 8B
    return (fifths + 7) % 12 * 2 + (mode == "major")


def root(note: str) -> int | None:
    """The pitch class of a note such as "F#3" or "F#": 0 (C) to 11 (B); None if it is none."""
    tonic = note.rstrip("-0123456789")
    return TONICS.index(tonic) if tonic in TONICS else None


def _texts(name: str, tags: Iterable[str]) -> set[Label]:
    """What a sound is found by that has this name and these tags."""
    return {("text", word) for one in (name, *tags) for word in words(one)}


def _folded(text: str) -> str:
    return " ".join(_plain(text).casefold().replace("_", " ").split())


def _plain(text: str) -> str:
    """The text without accents, and without what no database keeps."""
    kept = text.encode("utf-8", "replace").decode().replace("\0", " ")
    return "".join(one for one in unicodedata.normalize("NFKD", kept) if not unicodedata.combining(one))


def _told(said: Said, name: str) -> Any:
    """What is said and not doubted; None if nothing is."""
    return said[name].value if name in said and said[name].status == "ok" else None


def _word(said: Said, name: str) -> str:
    value = _told(said, name)
    return value if isinstance(value, str) else ""


def _number(said: Said, name: str) -> float | None:
    value = _told(said, name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST:
        return None
    return float(value)


def _tags(said: Said) -> set[str]:
    told = _told(said, "tags.words")
    tags = [fold(one) for one in told if isinstance(one, str)] if isinstance(told, tuple) else []
    return {one for one in tags[:MOST] if one}


def _labels(said: Said, name: str) -> set[str]:
    """The labels that are likely; those that somebody names without a probability are."""
    told = _told(said, name)
    named = [_label(one) for one in told] if isinstance(told, tuple) else []
    return {fold(label) for label, sure in named[:MOST] if sure >= LIKELY and fold(label)}


def _label(one: Any) -> tuple[str, float]:
    match one:
        case str():
            return one, 1.0
        case (str(label), float() | int() as sure):
            return label, float(sure)
    return "", 0.0
