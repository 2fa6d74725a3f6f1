"""Fit the genre model, and say how good it is on tracks it has not seen.

usage: fit.py CORPORA [--write]

CORPORA holds feature_tables and gtzan_partial. With --write, weights.npz beside the plugin is replaced.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from excerpts import Chances, Heard, agreement, hear, judged, transplanted
from learning import fit
from report import calibration, confusions, figures
from scipy.optimize import minimize_scalar
from table import Table, louder, read

import samplemind_plugins.style
from samplemind_plugins.style.genre import GENRES
from samplemind_plugins.style.model import Model, log_softmax
from samplemind_plugins.style.summary import Numbers

FIRST, BLOCKS, LENGTH = 10, 9, 10  # the table's tracks are numbered 10 to 99 in each genre
GAINS = (-12.0, -6.0, 6.0, 12.0)  # dB


def main(corpora: Path, write: bool) -> None:
    """Print the tables, and write the weights."""
    known = read(corpora, "train")
    every = range(BLOCKS)
    models = [_fit(known, (known.number - FIRST) // LENGTH != one) for one in every]
    mixture = _left_out(known, models, known.inputs())
    sharpness = sharpened(mixture, known.genre)
    print("blocks of ten neighbours left out")
    figures("annotated tempo and mode", sharp(mixture, sharpness), known.genre)
    dev = read(corpora, "dev")
    heard = [hear(corpora / "gtzan_partial" / f"{file}.flac") for file in dev.files]
    chances = transplanted(heard, dev, known)
    figures(
        "the product's mistakes of tempo and mode", _weighed(known, models, chances, sharpness), known.genre
    )
    unknown = [_left_out(known, models, known.inputs(np.full(len(known.bpm), side))) for side in (-1.0, 1.0)]
    figures("mode not known", sum(sharp(one, sharpness) for one in unknown) / 2, known.genre)
    for decibels in GAINS:
        moved = _left_out(known, models, louder(known.inputs(), decibels))
        figures(f"{decibels:+.0f} dB", sharp(moved, sharpness), known.genre)
    confusions(sharp(mixture, sharpness), known.genre)
    calibration(*_halves(mixture, known))
    final = replace(_fit(known, known.number >= 0), sharpness=np.array(sharpness))
    if write:
        _write(final)
    _excerpts(heard, dev, known, final)


def _fit(known: Table, seen: Numbers) -> Model:
    """A model of the tracks that are seen."""
    return fit(known.inputs()[seen], known.genre[seen], len(GENRES))


def _left_out(known: Table, models: list[Model], inputs: Numbers) -> Numbers:
    """What the model that has not seen its block says of each track."""
    found = np.empty((len(inputs), len(GENRES)))
    for block, model in enumerate(models):
        here = (known.number - FIRST) // LENGTH == block
        found[here] = model.log_mixture(inputs[here])
    return found


def _weighed(known: Table, models: list[Model], chances: list[Chances], sharpness: float) -> Numbers:
    """What the models that have not seen them say of the tracks, over all that tempo and mode may be."""
    found = np.zeros((len(known.bpm), len(GENRES)))
    for track, cases in enumerate(chances):
        rows = np.array([[*known.rows[track], np.log(bpm), minor] for bpm, minor, _ in cases])
        said = sharp(models[(known.number[track] - FIRST) // LENGTH].log_mixture(rows), sharpness)
        found[track] = np.array([likely for *_, likely in cases]) @ said
    return found


def sharp(mixture: Numbers, sharpness: float) -> Numbers:
    """Probabilities of an opinion."""
    return np.exp(log_softmax(sharpness * mixture))


def sharpened(mixture: Numbers, genre: Numbers) -> float:
    """The sharpness under which the true genres are most probable."""

    def loss(sharpness: float) -> float:
        return -float(log_softmax(sharpness * mixture)[np.arange(len(genre)), genre].mean())

    return round(float(minimize_scalar(loss, bounds=(0.2, 5), method="bounded").x), 3)


def _halves(mixture: Numbers, known: Table) -> tuple[Numbers, Numbers]:
    """Probabilities whose sharpness was fitted on the odd blocks where they are of even ones, and back."""
    odd, found = known.number // LENGTH % 2 == 1, np.empty_like(mixture)
    for half in (odd, ~odd):
        found[half] = sharp(mixture[half], sharpened(mixture[~half], known.genre[~half]))
    return found, known.genre


def _excerpts(heard: list[Heard], dev: Table, known: Table, model: Model) -> None:
    """How the plugin's own measurements of 15 to 20 s agree with the table's of 30 s, and what is made of them."""
    agreement(np.array([rows[0] for rows, _ in heard]), dev.rows, known.rows.std(axis=0))
    print("real audio, tracks not seen")
    other = dev.genre != GENRES.index("classical")
    sides = [model.probabilities(dev.inputs(np.full(len(dev.bpm), side))) for side in (-1.0, 1.0)]
    minor = ((dev.minor + 1) / 2)[:, None]
    ways = {"the table's rows": minor * sides[1] + (1 - minor) * sides[0]}
    for name, outside in (("annotated", True), ("own", False), ("no", None)):
        ways[f"own rows, {name} tempo and mode"] = judged(heard, dev, outside)
    for name, found in ways.items():
        figures(name, found, dev.genre)
        figures("  without classical", found[other], dev.genre[other])


def _write(model: Model) -> None:
    target = Path(samplemind_plugins.style.__file__).with_name("weights.npz")
    parts = {name: value.astype(np.float32) for name, value in vars(model).items()}
    np.savez_compressed(target, **{**parts, "centres": model.centres.astype(np.float16)})
    print(f"{target.stat().st_size:,} bytes written")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--write" in sys.argv[2:])
