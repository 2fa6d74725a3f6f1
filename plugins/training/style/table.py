"""The tables of GTZAN features: rows of the same measures as the plugin's own, made by librosa from 30 s each."""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from samplemind_plugins.style.genre import GENRES
from samplemind_plugins.style.summary import LOGARITHMS, MELS, NAMES, TINY, Numbers

UNKNOWN_TEMPO = 110.0  # BPM


@dataclass(frozen=True)
class Table:
    """Tracks, with what is annotated of them."""

    files: tuple[str, ...]
    rows: Numbers  # shape (tracks, NAMES)
    genre: Numbers  # index into GENRES
    number: Numbers  # within the genre; neighbours are often from one album
    bpm: Numbers
    minor: Numbers  # 1 for minor, -1 for major, 0 if not annotated

    def inputs(self, minor: Numbers | None = None, bpm: Numbers | None = None) -> Numbers:
        """The rows with tempo and mode. Where no mode is annotated it is drawn, so that it tells no genre."""
        drawn = np.where(np.random.default_rng(0).random(len(self.minor)) < 0.42, 1.0, -1.0)
        mode = np.where(self.minor == 0, drawn, self.minor) if minor is None else minor
        return np.column_stack([self.rows, np.log(self.bpm if bpm is None else bpm), mode])


def read(corpora: Path, part: str) -> Table:
    """The part "train" or "dev"."""
    path = corpora / "feature_tables" / f"gtzan_features_30s_with_annotations_{part}.csv"
    with path.open() as lines:
        tracks = list(csv.DictReader(lines, skipinitialspace=True))
    return Table(
        files=tuple(track["filename"].removesuffix(".au") for track in tracks),
        rows=np.array([[_value(track, name) for name in NAMES] for track in tracks]),
        genre=np.array([GENRES.index(track["label"].strip()) for track in tracks]),
        number=np.array([int(track["filename"].split(".")[1]) for track in tracks]),
        bpm=np.array([float(track["ann_bpm"] or UNKNOWN_TEMPO) for track in tracks]),
        minor=np.array([_minor(track["ann_key"] or "") for track in tracks]),
    )


def _value(track: dict[str, str], name: str) -> float:
    if name == "harmonic_share":
        return math.log(float(track["harmony_var"]) / float(track["perceptr_var"]))
    value = float(track[name])
    if name == "rms_var":
        value /= float(track["rms_mean"]) ** 2
    return math.log(max(value, TINY)) if name in LOGARITHMS else value


def _minor(key: str) -> float:
    return 1.0 if "minor" in key else -1.0 if "major" in key else 0.0


def louder(inputs: Numbers, decibels: float) -> Numbers:
    """The inputs that the same sounds would have with another gain: it moves those of LEVEL."""
    moved = inputs.copy()
    moved[:, NAMES.index("rms_mean")] += decibels * math.log(10) / 20
    moved[:, NAMES.index("mfcc1_mean")] += decibels * math.sqrt(MELS)
    return moved
