"""What is true of the sounds of a labelled folder, as its labels.csv says."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from samplemind_daemon.analysis.evidence.keys import read_key

NAME = "labels.csv"
FILE = ("file", "filename", "path", "name")
KINDS = ("song", "loop", "one-shot", "speech", "silence")
ONE_SHOTS = (
    "kick", "snare", "rimshot", "clap", "tom", "closed hi-hat", "open hi-hat", "crash cymbal", "ride cymbal",
    "cowbell", "shaker", "tambourine", "percussion",
)  # fmt: skip

Truth = dict[str, float | str]  # what is labelled, by subject: "bpm", "key", ...
Row = Mapping[str, str]  # columns in lower case, without what is empty


class CannotRead(Exception):
    """The labels cannot be used; the message says why."""


def read_labels(folder: Path) -> dict[Path, Truth]:
    """The files that labels.csv names and what is true of each; raises CannotRead with the line that is wrong."""
    table = folder / NAME
    try:
        with table.open(newline="", encoding="utf-8-sig") as lines:
            reader = csv.DictReader(lines)
            named = [(_file(row), _truth(row, f"line {reader.line_num}")) for row in map(_row, reader)]
    except (OSError, UnicodeDecodeError, csv.Error, CannotRead) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else wrong
        raise CannotRead(f"{table}: {why}") from None
    return {folder / name: truth for name, truth in named if name}


def _row(fields: Mapping[str | None, str | list[str] | None]) -> Row:
    """A line by the plain names of its columns; "Time Signature" is time_signature."""
    return {
        re.sub(r"\W+", "_", name.strip().lower()): value.strip()
        for name, value in fields.items()
        if name is not None and isinstance(value, str) and value.strip()
    }


def _file(row: Row) -> str:
    return next((row[column] for column in FILE if column in row), "")


def _truth(row: Row, where: str) -> Truth:
    """All that a line says, in one spelling."""
    found: Truth = {}
    for subject, columns, read in SUBJECTS:
        for column in columns:
            if column in row and (value := _read(read, row, column, where)) is not None:
                found.setdefault(subject, value)
    if "bpm" in found:
        found.pop("oneshot", None)  # `instrument` names what plays the loop
    return found


def _read(read: "Reader", row: Row, column: str, where: str) -> float | str | None:
    try:
        return read(row[column])
    except (ValueError, OverflowError):
        raise CannotRead(f"{where}: {column} cannot be {row[column]!r}") from None


def _positive(text: str) -> float | None:
    number = float(text)
    if not 0 < number < 10_000:
        raise ValueError
    return number


def _decibels(text: str) -> float | None:
    number = float(text)
    if not -200 < number < 200:
        raise ValueError
    return number


def _signature(text: str) -> str | None:
    """A time signature, "3/4", or the beats of a bar alone, "3"."""
    if re.fullmatch(r"\d{1,2}/\d{1,2}", text):
        return text
    return str(int(float(text)))


def _key(text: str) -> str | None:
    """A key with its mode, "A minor"; a root alone is no key."""
    return None if _root_alone(text) else read_key(text)


def _root_alone(text: str) -> bool:
    return re.fullmatch(r"[A-Ga-g](#|b|♯|♭)?", text) is not None


def _tonic(text: str) -> str | None:
    """The tonic of a key or root."""
    found = read_key(text)
    return found.split()[0] if found else None


def _word(text: str) -> str | None:
    return text.lower()


def _one_of(names: tuple[str, ...]) -> "Reader":
    """Reads one of these names, whatever its hyphens and capitals; any other is about something else."""
    plain = {re.sub(r"\W|_", "", name): name for name in names}
    return lambda text: plain.get(re.sub(r"\W|_", "", text.lower()))


def _instrument(text: str) -> str | None:
    """An instrument; words that say what a one-shot or a sound is are none."""
    known = _one_of((*KINDS, *ONE_SHOTS))
    return None if known(text) else text.lower()


Reader = Callable[[str], float | str | None]
SUBJECTS: tuple[tuple[str, tuple[str, ...], Reader], ...] = (
    ("bpm", ("bpm", "tempo"), _positive),
    ("key", ("key",), _key),
    ("tonic", ("key", "root", "tonic"), _tonic),
    ("meter", ("time_signature", "meter", "metre", "beats_per_bar"), _signature),
    ("genre", ("genre",), _word),
    ("kind", ("kind", "type", "class"), _one_of(KINDS)),
    ("oneshot", ("oneshot", "one_shot", "class", "drum", "instrument"), _one_of(ONE_SHOTS)),
    ("instrument", ("instrument", "class"), _instrument),
    ("lufs", ("lufs", "integrated_lufs", "loudness"), _decibels),
    ("range", ("lra_lu", "lra", "loudness_range"), _decibels),
)


def having(labels: Mapping[Path, Truth], subject: str) -> Iterator[tuple[Path, float | str]]:
    """The files that have a label of this subject, and the label."""
    return ((path, truth[subject]) for path, truth in labels.items() if subject in truth)
