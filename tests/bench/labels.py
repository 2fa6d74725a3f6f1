"""The labelled sets: which files they hold, and what is true of each."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FEWEST = 10  # labelled files: below it a set is too small for a score
KINDS = {  # what the files of a set are; excerpts of pieces are songs
    "gtzan_partial": "song",
    "rendered_scores": "song",
    "arranger_bass": "loop",
    "arranger_chords": "loop",
    "arranger_drums": "loop",
    "breaks": "loop",
    "lmms_loops": "loop",
    "drum_oneshots": "one-shot",
    "instruments": "one-shot",
}
RENDERED = ("rendered_scores",)  # a synthesiser's: its scores have genres, its sound has none


@dataclass(frozen=True)
class Labelled:
    """One set: its folder's name, and its files with their labels, as labels.csv has them."""

    name: str
    folder: Path
    rows: dict[Path, dict[str, str]]

    def having(self, column: str) -> dict[Path, str]:
        """The files that have a label in this column, and the label."""
        return {path: row[column] for path, row in self.rows.items() if row.get(column)}


def read_sets(corpora: Path) -> Iterator[Labelled]:
    """Every folder that holds a labels.csv."""
    for table in sorted(corpora.glob("*/labels.csv")):
        folder = table.parent.resolve()
        with table.open(newline="") as lines:
            rows = {folder / row["file"]: row for row in csv.DictReader(lines)}
        yield Labelled(folder.name, folder, {path: row for path, row in rows.items() if path.exists()})


def tempi(labelled: Labelled) -> dict[Path, float]:
    """The tempo of each file in BPM; none if the set is too small."""
    found = {path: float(label) for path, label in labelled.having("bpm").items()}
    return found if len(found) >= FEWEST else {}


def keys(labelled: Labelled) -> dict[Path, str]:
    """The key of each file, "A minor"; none if the set is too small."""
    found = {path: key for path, key in labelled.having("key").items() if len(key.split()) == 2}
    return found if len(found) >= FEWEST else {}


def keyless(labelled: Labelled) -> list[Path]:
    """The files that have no key: those of a set of drum loops."""
    drums = [path for path, row in labelled.rows.items() if row.get("instrument") == "drums"]
    return drums if len(drums) >= FEWEST and len(drums) == len(labelled.rows) else []


def kinds(labelled: Labelled) -> dict[Path, str]:
    """The kind of each file, which is that of its set."""
    return dict.fromkeys(labelled.rows, KINDS[labelled.name]) if labelled.name in KINDS else {}


def meters(labelled: Labelled) -> dict[Path, str]:
    """The time signature of each file; none if the set is too small."""
    return _enough(labelled.having("time_signature"))


def genres(labelled: Labelled) -> dict[Path, str]:
    """The genre of each recorded song."""
    songs = KINDS.get(labelled.name) == "song" and labelled.name not in RENDERED
    return _enough(labelled.having("genre")) if songs else {}


def one_shots(labelled: Labelled) -> dict[Path, str]:
    """The class of each drum."""
    return _enough(labelled.having("instrument")) if labelled.name == "drum_oneshots" else {}


def families(labelled: Labelled) -> dict[Path, str]:
    """The instrument of each note or phrase."""
    return _enough(labelled.having("instrument")) if labelled.name == "instruments" else {}


def _enough(found: dict[Path, str]) -> dict[Path, str]:
    return found if len(found) >= FEWEST else {}
