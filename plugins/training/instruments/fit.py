"""Fit the networks of samplemind_plugins/instruments, and say how good they are on sets left out.

Run it with plugins/training/kind on PYTHONPATH; it needs what that does, see there. About a quarter of an hour.
"""

import argparse
import pickle
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from fitting import Fit, Numbers, calibration_error, sharpness, softmax
from scenes import Scene, arranged, notes, played_mixes, played_notes, recorded

from samplemind_plugins import instruments
from samplemind_plugins.instruments.evidence import evidence
from samplemind_plugins.instruments.memory import Memory
from samplemind_sdk import blocks

WHOLE, STROKES, MEMBERS = ((24,), 0.3), ((6,), 3.0), 5  # hidden units and the penalty of each network
STRUCK, BELOW = ("dies", "most", "short", "rise", "often"), ("deep", "low", "middle")


@dataclass(frozen=True)
class Row:
    """What is heard of a scene, without its sound."""

    label: str
    source: str
    group: str
    coloured: bool
    evidence: dict[str, float]


def main() -> None:
    """Hear, judge with each set left out, fit with all, write."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--corpora", type=Path, required=True)
    given.add_argument("--hydrogen", type=Path, required=True)
    given.add_argument("--fonts", type=Path, nargs=2, required=True)
    given.add_argument(
        "--rows", type=Path, default=Path("/tmp/instruments-rows.pkl"), help="heard once, kept here"
    )
    asked = given.parse_args()
    if not asked.rows.exists():
        asked.rows.write_bytes(pickle.dumps(_hear_all(asked.corpora, asked.hydrogen, asked.fonts)))
    drums, families = pickle.loads(asked.rows.read_bytes())
    names = sorted(drums[0].evidence)
    place = Path(instruments.__file__).parent
    judge_drums(drums, names)
    plain = [row for row in drums if not row.coloured]
    fitted(plain, names, *WHOLE).write(place / "drums.json", names, 1.0)
    strokes = low_strokes(names)
    fitted(drums, strokes, *STROKES).write(place / "strokes.json", strokes, 1.0)
    sharp = judge_families(families, names)
    fitted(families, names, *WHOLE).write(place / "families.json", names, sharp)


def _hear_all(corpora: Path, kits: Path, fonts: list[Path]) -> tuple[list[Row], list[Row]]:
    rng = np.random.default_rng(1)
    scenes = [
        recorded(corpora),
        *(played_mixes(font, rng, 120) for font in fonts),
        arranged(corpora, kits, rng, 800),
    ]
    drums = [row for many in scenes for scene in many for row in hear(scene, rng)]
    real = [row for scene in notes(corpora) for row in hear(scene, rng)]
    drums += [replace(row, label="none", group=f"{row.source}/{row.group}") for row in real]
    synthetic = [hear(scene, rng)[0] for font in fonts for scene in played_notes(font, rng, 240)]
    return drums, [row for row in real if not row.coloured] + synthetic


def hear(scene: Scene, rng: np.random.Generator) -> list[Row]:
    """What the analyzer gathers of a sound as it is, and of two copies with other treble, as recordings have."""
    memory = Memory()
    for block in blocks([scene.sound[None]]):
        memory.add(block)
    bands = memory.recall()
    rows = [Row(scene.label, scene.source, scene.group, False, evidence(bands))]
    for _ in range(2):
        turns = np.cumsum(rng.normal(0, 1.0, bands.shape[1]) + rng.uniform(-1, 1.5))
        rows.append(replace(rows[0], coloured=True, evidence=evidence(bands + turns.astype(np.float32))))
    return rows


def judge_drums(rows: list[Row], names: list[str]) -> None:
    """Print how often drums are found where a set, a style of strumming or a sound font took no part."""
    found, truth = [], []
    for source in sorted({row.source for row in rows} - {"arranged", "played", "strummed"}):
        unheard = [row for row in rows if row.source == source and not row.coloured]
        sure = probability([row for row in rows if row.source != source], unheard, names)
        print(f"{source:18} {len(unheard):4} {unheard[0].label:6} drums at .5: {(sure >= 0.5).mean():.3f}")
        found.append(sure)
        truth.append(np.array([row.label == "drums" for row in unheard]))
    for name, source, key in (
        ("strums by style", "arranger_chords", "group"),
        ("played by font", "played", "group"),
    ):
        sures, labels = [], []
        for group in sorted({getattr(row, key) for row in rows if row.source == source}):
            unheard = [
                row for row in rows if row.source == source and row.group == group and not row.coloured
            ]
            sures.append(probability([row for row in rows if row.group != group], unheard, names))
            labels.append(np.array([row.label == "drums" for row in unheard]))
        sure, label = np.concatenate(sures), np.concatenate(labels)
        heard = f"{(sure[label] >= 0.5).mean():.3f}" if label.any() else "-"
        print(f"{name:18} {len(sure):4} heard {heard}, false alarms {(sure[~label] >= 0.5).mean():.3f}")
    sure, label = np.concatenate(found), np.concatenate(truth)
    print(f"calibration error {calibration_error(np.stack([1 - sure, sure], axis=1), label.astype(int)):.3f}")


def probability(heard: list[Row], unheard: list[Row], names: list[str]) -> Numbers:
    """Of drums, shape (unheard,): what the more doubtful of both networks says."""
    both = []
    plain = [row for row in heard if not row.coloured]
    for rows, chosen, shape in ((plain, names, WHOLE), (heard, low_strokes(names), STROKES)):
        found = fitted(rows, chosen, *shape)
        both.append(softmax(found.logits(table(unheard, chosen)))[:, found.classes.index("drums")])
    return np.minimum(*both)


def low_strokes(names: list[str]) -> list[str]:
    """What kicks, snares and toms do below the bands that the strum of a guitar fills like a cymbal."""
    return [name for name in names if name.startswith(STRUCK) and name.endswith(BELOW)]


def judge_families(rows: list[Row], names: list[str]) -> float:
    """Print how often the family of a recorded note is right without its recording chain; the sharpness."""
    real = [row for row in rows if row.source == "instruments"]
    logits, right = [], []
    for chain in sorted({row.group for row in real}):
        unheard = [row for row in real if row.group == chain]
        found = fitted([row for row in rows if row.group != chain], names, *WHOLE)
        said = found.logits(table(unheard, names))
        truth = np.array([found.classes.index(row.label) for row in unheard])
        print(f"{chain:12} {len(unheard):4} {(said.argmax(axis=1) == truth).mean():.3f}")
        logits.append(said)
        right.append(truth)
    every, truth = np.concatenate(logits), np.concatenate(right)
    best_two = np.mean(
        [one in row for one, row in zip(truth, np.argsort(-every, axis=1)[:, :2], strict=True)]
    )
    print(f"families {(every.argmax(axis=1) == truth).mean():.3f}, best two {best_two:.3f}")
    for one, name in enumerate(found.classes):
        print(
            f"  {name:8} {(truth == one).sum():4} recall {(every.argmax(axis=1) == truth)[truth == one].mean():.3f}"
        )
    return _calibrated(every, truth, np.ones(len(truth)))


def _calibrated(logits: np.ndarray, right: np.ndarray, weights: np.ndarray) -> float:
    half = np.random.default_rng(0).random(len(right)) < 0.5
    sharp = sharpness(logits[half], right[half], weights[half])
    error = calibration_error(softmax(sharp * logits[~half]), right[~half])
    print(f"calibration error {error:.3f} at sharpness {sharp:.2f}")
    return sharpness(logits, right, weights)


def fitted(rows: list[Row], names: list[str], hidden: tuple[int, ...], decay: float) -> Fit:
    """A fit in which each label counts alike, and within it each source by the root of its size."""
    sizes = {source: sum(row.source == source for row in rows) for source in {row.source for row in rows}}
    weights = np.array([1 / np.sqrt(sizes[row.source]) for row in rows])
    labels = np.array([row.label for row in rows])
    for one in set(labels):
        weights[labels == one] /= weights[labels == one].sum()
    return Fit(table(rows, names), labels, weights, hidden, decay, MEMBERS)


def table(rows: list[Row], names: list[str]) -> np.ndarray:
    """The evidence in order, shape (rows, names)."""
    return np.array([[row.evidence[name] for name in names] for row in rows])


if __name__ == "__main__":
    main()
