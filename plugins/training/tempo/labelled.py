"""Labelled sounds: what the analyzer heard of them, and their true tempo."""

import csv
import math
import pickle
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
import soxr

from samplemind_plugins.tempo.coherence import coherence
from samplemind_plugins.tempo.envelopes import ALL, onsets, peaks
from samplemind_plugins.tempo.evidence import Evidence, weigh
from samplemind_plugins.tempo.grid import Numbers
from samplemind_plugins.tempo.memory import Heard, Memory
from samplemind_sdk import RATE, Cutter, Samples

SETS = (
    "gtzan_partial",
    "rendered_scores",
    "arranger_drums",
    "arranger_chords",
    "arranger_bass",
    "breaks",
    "lmms_loops",
)
EXCERPTS = ("gtzan_partial", "rendered_scores")  # all other sets are loops, and begin with a bar
SPARSE = 0.75  # onsets a beat: under that, nothing but habit could tell the tempo of what is composed
COMPOSED = "composed.pickle"  # what compose.py keeps
MULTIPLES = (1, 2, 3, 1 / 2, 1 / 3)  # of the true tempo, that Acc2 forgives


@dataclass(frozen=True)
class Item:
    """One sound with a known tempo, or, if `bpm` is 0, without any."""

    file: str
    kind: str  # the set it is from
    group: str  # what it shares a style or a song with
    bpm: float
    seconds: float
    evidence: Evidence
    onsets: int
    heard: Heard = field(repr=False)

    @property
    def right(self) -> Numbers:
        """Whether each candidate is within 4 % of the truth, shape (candidates,)."""
        return np.array([float(is_right(self.bpm, tempo)) for tempo in self.evidence.tempi])

    @property
    def loop(self) -> bool:
        """Whether it is a loop."""
        return self.kind in SETS and self.kind not in EXCERPTS

    def coherent(self, candidate: int) -> float:
        """How exactly onsets keep to a candidate, as a logarithm."""
        return math.log1p(coherence(onsets(self.heard)[ALL], float(self.evidence.tempi[candidate])))


def is_right(bpm: float, tempo: float, multiples: tuple[float, ...] = (1,)) -> bool:
    """Whether a tempo is within 4 % of one of the multiples of the true one."""
    return any(abs(tempo - times * bpm) <= 0.04 * times * bpm for times in multiples)


def load(corpora: Path, kept: Path) -> list[Item]:
    """All sounds of SETS whose tempo is labelled; what was heard of them is kept for the next time."""
    return [
        item(row["file"], name, _group(name, row), float(row["bpm"]), heard)
        for name in SETS
        for row, heard in _rows(corpora / name, kept)
        if row["bpm"]
    ]


def composed(kept: Path) -> list[Item]:
    """What compose.py composed, to learn from beside the sounds of SETS."""
    rows: list[tuple[str, str, float, Heard]] = pickle.loads((kept / COMPOSED).read_bytes())
    items = [item(file, "composed", f"composed {style}", bpm, heard) for file, style, bpm, heard in rows]
    return [one for one in items if one.onsets >= SPARSE * one.seconds * one.bpm / 60]


def notes(corpora: Path, kept: Path) -> list[Item]:
    """Single notes and hits of two seconds and more, which have no tempo."""
    return [
        item(row["file"], name, row["file"], 0, heard)
        for name in ("instruments", "drum_oneshots")
        for row, heard in _rows(corpora / name, kept)
        if (row.get("note") or name == "drum_oneshots") and heard.seconds >= 2
    ]


def item(file: str, kind: str, group: str, bpm: float, heard: Heard) -> Item:
    """What speaks for each tempo of a sound that was heard."""
    rows = onsets(heard)
    evidence = weigh(rows, np.array(heard.taps), heard.seconds, 40, 280)
    return Item(file, kind, group, bpm, heard.seconds, evidence, len(peaks(rows[ALL])), heard)


def hear(sound: Samples, source: Samples, rate: int) -> Heard:
    """What the analyzer remembers of a sound, given at RATE and as decoded, shape (channels, samples)."""
    memory, cutter = Memory(), Cutter(rate)
    for blocks in (cutter.push(sound, source), cutter.finish()):
        for block in blocks:
            memory.add(block)
    return memory.recall()


def _rows(folder: Path, kept: Path) -> list[tuple[dict[str, str], Heard]]:
    store = kept / f"{folder.name}.pickle"
    if not store.exists():
        with (folder / "labels.csv").open() as labels:
            found = [(row, _hear_file(folder / row["file"])) for row in csv.DictReader(labels)]
        kept.mkdir(parents=True, exist_ok=True)
        store.write_bytes(pickle.dumps(found))
    rows: list[tuple[dict[str, str], Heard]] = pickle.loads(store.read_bytes())
    return rows


def _hear_file(path: Path) -> Heard:
    source, rate = soundfile.read(path, dtype="float32", always_2d=True)
    sound = soxr.resample(source, rate, RATE) if rate != RATE else source
    return hear(np.ascontiguousarray(sound.T), np.ascontiguousarray(source.T), rate)


def _group(name: str, row: dict[str, str]) -> str:
    if name.startswith("arranger"):
        return row["style"]  # the same style is in all three of these sets
    return f"{name} {row['file']}"
