"""Fit samplemind_plugins/similarity/scale.json: the mean and the deviation of what is heard of labelled sounds.

Labels take no part. A set counts as the root of its size, so that the 927 drums do not decide alone.
"""

import argparse
import json
import pickle
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from library import Sound, load

from samplemind_plugins import similarity
from samplemind_plugins.similarity.layout import OWN_SCALES, SIZES, Scale

DIGITS = 5


def fit(sounds: Sequence[Sound]) -> Scale:
    """The scale of these sounds."""
    sizes = Counter(sound.kind for sound in sounds)
    weight = np.array([sizes[sound.kind] ** -0.5 for sound in sounds])
    weight /= weight.sum()
    mean, deviation = {}, {}
    for name in SIZES:
        rows = np.array([sound.parts[name] for sound in sounds])
        mean[name] = weight @ rows
        variance = weight @ (rows - mean[name]) ** 2
        deviation[name] = np.sqrt(variance if name in OWN_SCALES else np.full_like(variance, variance.mean()))
    return Scale(mean, deviation)


def write(path: Path, found: Scale) -> None:
    """The numbers, rounded, as the plugin reads them."""
    parts = {"mean": found.mean, "deviation": found.deviation}
    rounded = {
        key: {name: np.round(row, DIGITS).tolist() for name, row in rows.items()}
        for key, rows in parts.items()
    }
    path.write_text(json.dumps(rounded))


def main() -> None:
    """Fit, and write the scale in its place; what was heard can be kept for report.py."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--out", type=Path, default=Path(similarity.__file__).with_name("scale.json"))
    parser.add_argument("--keep", type=Path, help="a pickle of what was heard")
    asked = parser.parse_args()
    sounds = list(load(asked.corpora))
    if asked.keep:
        asked.keep.write_bytes(pickle.dumps(sounds))
    write(asked.out, fit(sounds))


if __name__ == "__main__":
    main()
