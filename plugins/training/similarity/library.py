"""The labelled sounds, as the analyzer hears them."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from samplemind_daemon.analysis.sound import open_sound
from samplemind_plugins.similarity import Similarity
from samplemind_plugins.similarity.gathered import Numbers
from samplemind_sdk import Block

Parts = dict[str, Numbers]
Row = dict[str, str]

LABELS: dict[str, Callable[[Row], str]] = {  # of each set: what sounds that are alike share
    "arranger_bass": lambda row: row["style"],
    "arranger_chords": lambda row: row["style"],
    "arranger_drums": lambda row: row["style"],
    "breaks": lambda row: "",
    "drum_oneshots": lambda row: row["instrument"],
    "gtzan_partial": lambda row: row["genre"],
    "instruments": lambda row: row["instrument"],
    "lmms_loops": lambda row: "",
    "rendered_scores": lambda row: "",
}


@dataclass(frozen=True)
class Sound:
    """One sound; `group` is what it may not find its neighbours in: its machine, or itself."""

    kind: str  # the set that it is from
    path: Path
    label: str
    group: str
    parts: Parts
    row: Row


def load(corpora: Path) -> Iterator[Sound]:
    """Hear every sound of the sets in LABELS; silent ones are left out."""
    for kind, label in LABELS.items():
        with (corpora / kind / "labels.csv").open(newline="") as rows:
            for row in csv.DictReader(rows):
                path = corpora / kind / row["file"]
                with open_sound(str(path)) as sound:
                    parts = hear(sound.blocks())
                group = row["label_kind"] if kind == "drum_oneshots" else row["file"]
                yield Sound(kind, path, label(row), group, parts, row)


def hear(blocks: Iterator[Block]) -> Parts:
    """What the analyzer hears before it is standardised; CannotDescribe if that is nothing."""
    analyzer = Similarity()
    for block in blocks:
        analyzer.update(block)
    return analyzer.parts()
