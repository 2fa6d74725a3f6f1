"""Fit samplemind_plugins/kind/kind.json, and say how good it is on each set that took no part.

Needs FluidSynth with two soundfonts, espeak-ng and recorded prompts (Debian: fluidsynth, fluid-soundfont-gm,
timgm6mb-soundfont, espeak-ng, asterisk-core-sounds-*-wav, unpacked) and scikit-learn. About half an hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from confidence import calibrate
from fitting import Fit
from heard import ask, keep, table
from playing import played
from sets import KINDS, SETS, Item, corpora, recorded_speech, synthetic_speech
from variants import variants

from samplemind_plugins import kind
from samplemind_plugins.kind.evidence import evidence
from samplemind_plugins.kind.memory import Memory
from samplemind_sdk import blocks

HIDDEN, DECAY, MEMBERS = (32,), 0.3, 6
CHANGED = 1.0  # how much a changed sound counts


@dataclass(frozen=True)
class Row:
    """What is heard of an item, without its sound."""

    kind: str
    source: str
    group: str
    made: str
    name: str
    evidence: dict[str, float]


def main() -> None:
    """Hear, judge with each set left out, fit with all, write."""
    asked = ask(__doc__, "/tmp/kind-rows.pkl", "corpora", "prompts", "fonts")
    rows = keep(asked.rows, lambda: [hear(item) for item in items(asked.corpora, asked.prompts, asked.fonts)])
    sharp = judge(rows)
    names = sorted(rows[0].evidence)
    fitted(rows, names).write(Path(kind.__file__).with_name("kind.json"), names, sharp)


def items(folder: Path, prompts: Path, fonts: list[Path]) -> Iterator[Item]:
    """All that is learnt from, each sound followed by what is made of it."""
    rng = np.random.default_rng(1)
    for item in corpora(folder):
        yield from (item, *variants(item, rng))
    for source in (recorded_speech(prompts, rng), synthetic_speech(rng, 150)):
        yield from source
    for font in fonts:
        for item in played(font, rng, 200, 200, 140):
            yield from (item, *variants(item, rng))


def hear(item: Item) -> Row:
    """What the analyzer gathers of a sound."""
    memory = Memory()
    for block in blocks([item.sound[None]]):
        memory.add(block)
    return Row(item.kind, item.source, item.group, item.made, item.name, evidence(memory.recall()))


def judge(rows: list[Row]) -> float:
    """Print how good a fit without each set is on that set; the sharpness that makes them all probabilities."""
    logits, right, weights = [], [], []
    for left_out in (*SETS, *sorted({row.group for row in rows if row.source == "prompts"}), "espeak"):
        heard = [row for row in rows if left_out not in (row.source, row.group)]
        unheard = [row for row in rows if left_out in (row.source, row.group) and not row.made]
        found = fitted(heard, sorted(rows[0].evidence))
        said = found.logits(table(unheard, sorted(rows[0].evidence)))
        truth = np.array([found.classes.index(row.kind) for row in unheard])
        hits = said.argmax(axis=1) == truth
        wrong = [found.classes[one] for one in said.argmax(axis=1)[~hits]]
        print(
            f"{left_out:24} {len(unheard):4} {hits.mean():.3f}",
            {one: wrong.count(one) for one in KINDS if one in wrong},
        )
        logits.append(said)
        right.append(truth)
        weights.append(np.full(len(truth), 1 / np.sqrt(len(truth))))
    every, truth, weight = np.concatenate(logits), np.concatenate(right), np.concatenate(weights)
    means = [(said.argmax(axis=1) == truth).mean() for said, truth in zip(logits, right, strict=True)]
    print(f"all {(every.argmax(axis=1) == truth).mean():.3f}, mean of sets {np.mean(means):.3f}")
    half = np.random.default_rng(0).random(len(truth)) < 0.5
    return calibrate("kind.label,the whole set", every, truth, half, weight)


def fitted(rows: list[Row], names: list[str]) -> Fit:
    """A fit in which each kind counts alike, and within it each source by the root of its size."""
    sizes = {source: sum(row.source == source for row in rows) for source in {row.source for row in rows}}
    weights = np.array([(CHANGED if row.made else 1) / np.sqrt(sizes[row.source]) for row in rows])
    kinds = np.array([row.kind for row in rows])
    for one in KINDS:
        weights[kinds == one] /= weights[kinds == one].sum()
    return Fit(table(rows, names), kinds, weights, HIDDEN, DECAY, MEMBERS)


if __name__ == "__main__":
    main()
