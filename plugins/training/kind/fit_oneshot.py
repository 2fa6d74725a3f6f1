"""Fit samplemind_plugins/kind/oneshot.npz, and say how good it is on drum machines that took no part.

Needs, beside what fit.py does, the drum kits of Hydrogen (Debian: hydrogen-drumkits, unpacked). Some minutes.
"""

import argparse
import pickle
from pathlib import Path

import numpy as np
from fit import Row, table
from fitting import calibration_error, sharpness, softmax
from kernel_fitting import KernelFit
from kits import NOTE, changed, hydrogen, machines, notes
from sklearn.model_selection import GroupKFold

from samplemind_plugins import kind
from samplemind_plugins.kind.strike import evidence, versions

COUNT, BREADTH, RIDGE = 2_500, 0.35, 0.03
BALANCE = 0.7  # 0 counts sounds, 1 classes
WORTH = {"machines": 1.0, "hydrogen": 0.5, "notes": 0.3, "played": 0.3}
CHANGED = 0.5
VERSION = "version"  # is heard together with the sound itself, and not learnt from
JUDGED = ("machines", "notes")
COPIES = {"machines": 6, "hydrogen": 3, "notes": 1, "played": 0}


def main() -> None:
    """Hear, judge on machines left out, fit with all, write."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--corpora", type=Path, required=True)
    given.add_argument("--hydrogen", type=Path, required=True)
    given.add_argument("--fonts", type=Path, nargs=2, required=True)
    given.add_argument(
        "--rows", type=Path, default=Path("/tmp/oneshot-rows.pkl"), help="heard once, kept here"
    )
    asked = given.parse_args()
    if not asked.rows.exists():
        asked.rows.write_bytes(pickle.dumps(hear(asked.corpora, asked.hydrogen, asked.fonts)))
    rows = pickle.loads(asked.rows.read_bytes())
    sharp = judge(rows)
    names = sorted(rows[0].evidence)
    fitted(rows, names).write(Path(kind.__file__).with_name("oneshot.npz"), names, sharp)


def hear(corpora: Path, kits: Path, fonts: list[Path]) -> list[Row]:
    """What is heard of each one-shot, and of changed copies."""
    rng, rows = np.random.default_rng(1), []
    for source in (machines(corpora), hydrogen(kits), notes(corpora, fonts, rng)):
        for item in source:
            if np.abs(item.sound).max() < 1e-3:
                continue
            first, *others = versions(item.sound)
            judged = others if item.source in JUDGED else ()
            copies = [changed(item.sound, rng).astype(float) for _ in range(COPIES[item.source])]
            made = [(first, ""), *((one, VERSION) for one in judged), *((one, "changed") for one in copies)]
            for sound, how in made:
                rows.append(Row(item.kind, item.source, item.group, how, item.name, evidence(sound)))
    return rows


def judge(rows: list[Row]) -> float:
    """Print the accuracy on machines left out, class by class; the sharpness for all."""
    names = sorted(rows[0].evidence)
    places = [at for at, row in enumerate(rows) if row.source in JUDGED and not row.made]
    judged = [rows[at] for at in places]  # each is followed by its two other versions
    groups = np.array([row.group for row in judged])
    classes = sorted({row.kind for row in rows})
    logits = np.zeros((len(judged), len(classes)))
    for _, chosen in GroupKFold(12).split(groups, groups=groups):
        out = set(groups[chosen])
        found = fitted([row for row in rows if row.group not in out], names)
        for one in chosen:
            logits[one] = found.logits(table(rows[places[one] : places[one] + 3], names)).mean(axis=0)
    truth = np.array([classes.index(row.kind) for row in judged])
    drums = truth != classes.index(NOTE)
    recall = {one: (logits.argmax(1) == truth)[truth == place].mean() for place, one in enumerate(classes)}
    print({one: round(float(value), 3) for one, value in recall.items()})
    macro = np.mean([value for one, value in recall.items() if one != NOTE])
    best_two = np.mean(
        [
            place in row
            for place, row in zip(truth[drums], np.argsort(-logits[drums], axis=1)[:, :2], strict=True)
        ]
    )
    half = np.isin(groups, sorted(set(groups))[::2])
    sharp = sharpness(logits[half], truth[half])
    sure = softmax(sharp * logits[~half])
    print(f"drums {(logits.argmax(1) == truth)[drums].mean():.3f}, macro recall {macro:.3f}, best two {best_two:.3f}, "
          f"calibration error {calibration_error(sure, truth[~half]):.3f} at sharpness {sharp:.2f}")  # fmt: skip
    return sharpness(logits, truth)


def fitted(rows: list[Row], names: list[str]) -> KernelFit:
    """A fit in which classes count by the power of BALANCE alike."""
    rows = [row for row in rows if row.made != VERSION]
    kinds = np.array([row.kind for row in rows])
    weights = np.array([WORTH[row.source] * (CHANGED if row.made else 1) for row in rows])
    sizes = {one: weights[kinds == one].sum() for one in set(kinds)}
    weights *= np.array([(weights.sum() / len(sizes) / sizes[one]) ** BALANCE for one in kinds])
    return KernelFit(table(rows, names), kinds, weights, COUNT, BREADTH, RIDGE)


if __name__ == "__main__":
    main()
