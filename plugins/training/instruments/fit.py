"""Fit the networks of samplemind_plugins/instruments, and say how good they are on sets left out.

Run it with plugins/training/kind on PYTHONPATH; it needs what that does, see there. Some twenty
minutes.
"""

from argparse import Namespace
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from confidence import Numbers, calibrate, crossed, say, sharpness
from fitting import Fit
from heard import ask, keep, table
from numpy.typing import NDArray
from records import bands, strummed_chords
from scenes import Scene, arranged, notes, played_mixes, played_notes, recorded, songs

from samplemind_plugins import instruments
from samplemind_plugins.instruments.evidence import evidence
from samplemind_plugins.instruments.memory import Memory
from samplemind_sdk import blocks

WHOLE, STROKES, MEMBERS = ((24,), 0.3), ((6,), 3.0), 5  # hidden units and the penalty of each network
STRUCK, BELOW = ("dies", "even", "most", "short", "rise", "often"), ("deep", "low")
MADE = {"arranged", "played", "strummed", "guitar", "bands"}  # sources that are made here
BY_GROUP = ("arranger_chords", "played", "bands")  # judged without a style, or without a sound font


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
    asked = ask(__doc__, "/tmp/instruments-rows.pkl", "corpora", "hydrogen", "strums", "fonts")
    drums, families, unlabelled = keep(asked.rows, lambda: _hear_all(asked))
    names = sorted(drums[0].evidence)
    place = Path(instruments.__file__).parent
    sure = judge_drums(drums, names)
    judge_songs(drums, unlabelled, names)
    plain = [row for row in drums if not row.coloured]
    fitted(plain, names, *WHOLE).write(place / "drums.json", names, sure)
    strokes = low_strokes(names)
    fitted(drums, strokes, *STROKES).write(place / "strokes.json", strokes, sure)
    sharp = judge_families(families, names)
    fitted(families, names, *WHOLE).write(place / "families.json", names, sharp)


def _hear_all(asked: Namespace) -> tuple[list[Row], list[Row], list[Row]]:
    """Rows for drums, rows for families, and songs of which it is not known whether they have drums."""
    corpora, kits, fonts, rng = asked.corpora, asked.hydrogen, asked.fonts, np.random.default_rng(1)
    scenes = [
        recorded(corpora),
        *(played_mixes(font, rng, 120) for font in fonts),
        arranged(corpora, kits, rng, 800),
    ]
    drums = [row for many in scenes for scene in many for row in hear(scene, rng)]
    real = [row for scene in notes(corpora) for row in hear(scene, rng)]
    drums += [replace(row, label="none", group=f"{row.source}/{row.group}") for row in real]
    synthetic = [hear(scene, rng)[0] for font in fonts for scene in played_notes(font, rng, 240)]
    rng = np.random.default_rng(7)
    records = [
        strummed_chords(asked.strums, corpora, kits, rng, 300),
        *(bands(font, rng, 120) for font in fonts),
    ]
    drums += [row for many in records for scene in many for row in hear(scene, rng)]
    unlabelled = [hear(scene, rng)[0] for scene in songs(corpora)]
    return drums, [row for row in real if not row.coloured] + synthetic, unlabelled


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


def judge_drums(rows: list[Row], names: list[str]) -> float:
    """Print how often drums are found where a set, a style of strumming or a sound font took no part; the sharpness."""
    logits, truth = [], []
    sets = sorted({row.source for row in rows} - MADE)
    for source, key in (*((one, "source") for one in sets), *((one, "group") for one in BY_GROUP)):
        said, label = left_out(rows, names, source, key)
        found = [
            f"{(said[label == one] > 0).mean():.3f}" if (label == one).any() else "-" for one in (True, False)
        ]
        print(f"{source:16} {len(said):4} without its {key:6}: {found[0]} of drums, false alarms {found[1]}")
        if source in MADE or key == "source":
            logits.append(said)
            truth.append(label)
    said, label = np.concatenate(logits), np.concatenate(truth)
    both = np.stack([np.zeros(len(said)), said], axis=1)
    half = np.random.default_rng(0).random(len(said)) < 0.5
    say("instruments.labels,the whole set", crossed(both, label.astype(int), half)[:, 1], label)
    return sharpness(both, label.astype(int))


def left_out(rows: list[Row], names: list[str], source: str, key: str) -> tuple[Numbers, NDArray[np.bool_]]:
    """What is said of a source's sounds by fits without the source or without each of its groups, and the truth."""
    logits, truth = [], []
    for value in sorted({getattr(row, key) for row in rows if row.source == source}):
        heard = [row for row in rows if getattr(row, key) != value]
        unheard = [
            row for row in rows if row.source == source and getattr(row, key) == value and not row.coloured
        ]
        logits.append(logit(heard, unheard, names))
        truth.append(np.array([row.label == "drums" for row in unheard]))
    return np.concatenate(logits), np.concatenate(truth)


def logit(heard: list[Row], unheard: list[Row], names: list[str]) -> Numbers:
    """Of drums, shape (unheard,): what the more doubtful of both networks says."""
    both = []
    plain = [row for row in heard if not row.coloured]
    for rows, chosen, shape in ((plain, names, WHOLE), (heard, low_strokes(names), STROKES)):
        found = fitted(rows, chosen, *shape)
        drums, none = (found.classes.index(one) for one in ("drums", "none"))
        said = found.logits(table(unheard, chosen))
        both.append(said[:, drums] - said[:, none])
    return np.minimum(*both)


def low_strokes(names: list[str]) -> list[str]:
    """What kicks and toms do below the bands that the strum of a guitar fills like a cymbal."""
    return [name for name in names if name.startswith(STRUCK) and name.endswith(BELOW)]


def judge_songs(rows: list[Row], unlabelled: list[Row], names: list[str]) -> None:
    """Print the share of songs of each genre in which drums are found; most have some, classical music aside."""
    said = logit(rows, unlabelled, names)
    for genre in sorted({row.label for row in unlabelled}):
        found = said[[row.label == genre for row in unlabelled]] > 0
        print(f"{genre:18} {len(found):4} drums at .5: {found.mean():.2f}")


def judge_families(rows: list[Row], names: list[str]) -> float:
    """Print how often the family of a recorded note is right without its recording chain; the sharpness."""
    real = [row for row in rows if row.source == "instruments"]
    logits, right, chains = [], [], []
    for chain in sorted({row.group for row in real}):
        unheard = [row for row in real if row.group == chain]
        found = fitted([row for row in rows if row.group != chain], names, *WHOLE)
        said = found.logits(table(unheard, names))
        truth = np.array([found.classes.index(row.label) for row in unheard])
        print(f"{chain:12} {len(unheard):4} {(said.argmax(axis=1) == truth).mean():.3f}")
        logits.append(said)
        chains += [chain] * len(unheard)
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
    half = np.isin(chains, sorted(set(chains))[::2])
    return calibrate("instruments.labels of a one-shot,recording chains", every, truth, half)


def fitted(rows: list[Row], names: list[str], hidden: tuple[int, ...], decay: float) -> Fit:
    """A fit in which each label counts alike, and within it each source by the root of its size."""
    sizes = {source: sum(row.source == source for row in rows) for source in {row.source for row in rows}}
    weights = np.array([1 / np.sqrt(sizes[row.source]) for row in rows])
    labels = np.array([row.label for row in rows])
    for one in set(labels):
        weights[labels == one] /= weights[labels == one].sum()
    return Fit(table(rows, names), labels, weights, hidden, decay, MEMBERS)


if __name__ == "__main__":
    main()
