"""Say what the key's confidences are worth on labelled recordings, none of which took part in a fit.

usage: left_out.py CORPORA

Prints MIREX and exact scores of each set, and the rows of docs/accuracy/left_out.csv.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr

from samplemind_plugins.key import Key
from samplemind_plugins.key.names import KEYS
from samplemind_plugins.key.peaks import Numbers
from samplemind_sdk import RATE, Estimate
from samplemind_sdk.testing import estimates

SETS = ("gtzan_partial", "arranger_chords", "rendered_scores")
BINS = 10  # of equal width
FIFTHS, RELATIVE, PARALLEL = 0.5, 0.3, 0.2  # what MIREX gives a key that is nearly right


def labelled(folder: Path) -> Iterator[tuple[Path, int]]:
    """The files of a set whose key is known, and its number in KEYS."""
    with (folder / "labels.csv").open() as lines:
        for row in csv.DictReader(lines):
            if row["key"] in KEYS:
                yield folder / row["file"], KEYS.index(row["key"])


def say(path: Path) -> Estimate:
    """What is said of the key of a file."""
    source, rate = soundfile.read(path, dtype="float32", always_2d=True)
    sound = soxr.resample(source, rate, RATE) if rate != RATE else source
    return estimates(Key(), np.ascontiguousarray(sound.T))["key"]


def credit(true: int, said: int) -> float:
    """The score of a key, as MIREX has it, a fifth up or down alike."""
    step, modes = (said - true) % 12, (true // 12, said // 12)
    if modes[0] == modes[1]:
        return {0: 1.0, 5: FIFTHS, 7: FIFTHS}.get(step, 0.0)
    relative = 9 if modes == (0, 1) else 3
    return {relative: RELATIVE, 0: PARALLEL}.get(step, 0.0)


def report(name: str, said: Numbers) -> None:
    """Print the scores of a set, and how far what is said is from what is true; rows of confidence and credit."""
    right = said[:, 1] == 1
    error = sum(abs(sure - true) * count for sure, true, count in bins(said)) / len(said)
    print(
        f"{name:16} {len(said):4}  MIREX {said[:, 1].mean():.3f}  exact {right.mean():.3f}  error {error:.3f}"
    )


def bins(said: Numbers) -> Iterator[tuple[float, float, int]]:
    """Of each bin of confidence that has answers, its mean, the share that is right, and how many they are."""
    which = np.minimum((said[:, 0] * BINS).astype(int), BINS - 1)
    for one in np.unique(which):
        here = said[which == one]
        yield float(here[:, 0].mean()), float((here[:, 1] == 1).mean()), len(here)


def main(corpora: Path) -> None:
    """Hear all sets and print."""
    found = []
    for name in SETS:
        heard = [(key, say(path)) for path, key in labelled(corpora / name)]
        said = [(one.confidence, credit(key, KEYS.index(one.value))) for key, one in heard if one.value]
        found.append(np.array(said, float))
        report(name, found[-1])
    report("all", np.concatenate(found))
    for sure, right, count in bins(np.concatenate(found)):
        print(f"key.key,every recording,{sure:.3f},{right:.3f},{count}".replace(",0.", ",."))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
