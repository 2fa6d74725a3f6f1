"""Say where the spectral centroids of sounds lie: what the words dark, warm and bright go by.

usage: colours.py CORPORA

Prints, in Hz, below which centroid each share of a set lies, and of all sets, each of which counts alike.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from samplemind_plugins.shape.timbre import Timbre
from samplemind_sdk import RATE
from samplemind_sdk.testing import describe

SETS = (
    "gtzan_partial", "rendered_scores", "arranger_bass", "arranger_chords", "arranger_drums", "breaks",
    "lmms_loops", "drum_oneshots", "instruments",
)  # fmt: skip
SHARES = (0.1, 1 / 3, 0.5, 2 / 3, 0.8, 0.9)
LONGEST = 20  # seconds that are heard of a file

Numbers = NDArray[np.float64]


def centroids(folder: Path) -> Numbers:
    """The centroid of each labelled file that is not silent, lowest first."""
    found = []
    with (folder / "labels.csv").open() as lines:
        for row in csv.DictReader(lines):
            source, rate = soundfile.read(folder / row["file"], dtype="float32", always_2d=True)
            heard = source[: LONGEST * rate]
            sound = soxr.resample(heard, rate, RATE) if rate != RATE else heard
            found.append(describe(Timbre(), np.ascontiguousarray(sound.T)).get("centroid", np.nan))
    known = np.array(found)
    return np.sort(known[~np.isnan(known)])


def main(corpora: Path) -> None:
    """Print the table."""
    sets = [centroids(corpora / name) for name in SETS]
    for name, found in zip(SETS, sets, strict=True):
        print(f"{name:16} {len(found):4}", *(f"{hertz:6.0f}" for hertz in np.quantile(found, SHARES)))
    hertz = np.concatenate(sets)
    counts = np.concatenate([np.full(len(found), 1 / len(found) / len(sets)) for found in sets])
    order = np.argsort(hertz)
    below = np.searchsorted(np.cumsum(counts[order]), SHARES)
    print(f"{'all, sets alike':21}", *(f"{hertz[order][place]:6.0f}" for place in below))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
