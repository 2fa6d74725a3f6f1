"""Say how good the neighbours are: of what was heard of the labelled sounds by fit.py, and of copies of some."""

import argparse
import pickle
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from copies import copies
from fit import fit
from library import Sound, hear

from samplemind_daemon.analysis.sound import open_sound
from samplemind_plugins.similarity.gathered import Numbers
from samplemind_plugins.similarity.layout import ASPECTS, EDGES, scale

NEAREST = 5
FEWEST = 6  # sounds of a label, so that five others can be found
COPIED = 15  # sounds of each set that are copied
PLAIN = 13  # mean cepstral coefficients
SEED = 1


def precision(
    sounds: Sequence[Sound], vectors: Numbers, label: Callable[[Sound], str]
) -> tuple[float, float]:
    """The share of the nearest that bear the label of the sound, and of all that could have been found."""
    labels = np.array([label(sound) for sound in sounds])
    groups = np.array([sound.group for sound in sounds])
    far = distances(vectors, vectors)
    far[groups[:, None] == groups] = np.inf
    nearest = np.argsort(far, axis=1, kind="stable")[:, :NEAREST]
    right, may = labels[:, None] == labels, np.isfinite(far)
    counted = (right & may).sum(axis=1) >= FEWEST - 1
    found = np.take_along_axis(right, nearest, axis=1).mean(axis=1)
    chance = (right & may).sum(axis=1) / may.sum(axis=1)
    return float(found[counted].mean()), float(chance[counted].mean())


def distances(some: Numbers, others: Numbers) -> Numbers:
    """Squared, shape (some, others)."""
    squares = (some**2).sum(axis=1)[:, None] + (others**2).sum(axis=1) - 2 * some @ others.T
    return np.maximum(0, squares)


def vectors_of(sounds: Sequence[Sound]) -> dict[str, Numbers]:
    """The vectors, by what they are made of; "left out" are scaled without the set that they are from."""
    whole = np.array([scale().vector(sound.parts) for sound in sounds])
    kind = sounds[0].kind
    plain = np.array([sound.parts["shape"][:PLAIN] for sound in sounds])
    found = {"vector": whole, f"{PLAIN} mean MFCCs": plain}
    for aspect, start, end in zip(ASPECTS, EDGES, EDGES[1:], strict=False):
        found[f"{aspect} alone"] = whole[:, start:end]
    without = fit([sound for sound in ALL if sound.kind != kind])
    found["scaled without the set"] = np.array([without.vector(sound.parts) for sound in sounds])
    return found


def report_sets() -> None:
    """Print the precision for each set that has labels."""
    for kind in sorted({sound.kind for sound in ALL if sound.label}):
        sounds = [sound for sound in ALL if sound.kind == kind and sound.label]
        _print(kind, sounds, lambda sound: sound.label)
    chords = [sound for sound in ALL if sound.kind == "arranger_chords"]
    others = [Sound(**{**vars(sound), "group": sound.label}) for sound in chords]
    _print("major or minor chord, in other styles", others, lambda sound: sound.row["key"].split()[1])


def _print(what: str, sounds: Sequence[Sound], label: Callable[[Sound], str]) -> None:
    scores = {name: precision(sounds, rows, label) for name, rows in vectors_of(sounds).items()}
    chance = scores["vector"][1]
    print(
        what,
        f"chance {chance:.3f}",
        *(f"{name} {score:.3f}" for name, (score, _) in scores.items()),
        sep=" · ",
    )


def report_copies() -> None:
    """Print how often the nearest of all sounds to a copy is what it was copied from."""
    chance, all_vectors = (
        np.random.default_rng(SEED),
        np.array([scale().vector(sound.parts) for sound in ALL]),
    )
    found: dict[str, list[bool]] = defaultdict(list)
    for kind in sorted({sound.kind for sound in ALL}):
        numbers = [number for number, sound in enumerate(ALL) if sound.kind == kind]
        for number in chance.choice(numbers, min(COPIED, len(numbers)), replace=False):
            with tempfile.TemporaryDirectory() as folder:
                for what, path in copies(ALL[number].path, Path(folder)):
                    with open_sound(str(path)) as sound:
                        vector = scale().vector(hear(sound.blocks()))
                    far = distances(vector[None], all_vectors)[0]
                    found[what].append(bool(far[number] <= far.min() + 1e-12))  # twins are as near
    for what, right in found.items():
        print(what, f"{np.mean(right):.3f} of {len(right)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kept", type=Path, help="the pickle that fit.py --keep wrote")
    ALL: list[Sound] = pickle.loads(parser.parse_args().kept.read_bytes())
    report_sets()
    report_copies()
