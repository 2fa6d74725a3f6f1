"""Fit oneshot.npz and oneshot_pictures.npz of samplemind_plugins/kind, and say how good they are on machines left out.

Needs, beside what fit.py does, the drum kits of Hydrogen, Sonic Pi's samples, Freepats and a third sound font (Debian:
hydrogen-drumkits, hydrogen-data, sonic-pi-samples, freepats, musescore-general-soundfont, unpacked), and torch. About
a quarter of an hour of a core.
"""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from confidence import Numbers, calibrate
from copies import copied
from heard import ask, keep
from kernel_fitting import KernelFit
from kits import NOTE, hydrogen, machines, notes
from percussion import font_kits, patches, samples
from picture_fitting import PictureFit
from sets import Item
from sklearn.model_selection import GroupKFold

from samplemind_plugins import kind
from samplemind_plugins.kind.strike import hear, versions

COUNT, BREADTH, RIDGE = 2_500, 0.35, 0.03
MEMBERS, FOLDS = 2, 8
FIRM, SHARE = 7.0, 0.5  # how much what the kernel says and what the networks say count
BALANCE = 0.7  # 0 counts sounds, 1 classes
WORTH = {
    "machines": 1.0,
    "hydrogen": 0.5,
    "sonic": 0.5,
    "freepats": 0.3,
    "notes": 0.3,
    "played": 0.3,
    "gm": 0.1,
}
CHANGED = 0.25
VERSION = "version"  # is heard together with the sound itself, and not learnt from
JUDGED = ("machines", "notes")
COPIES = {"machines": 16, "hydrogen": 6, "sonic": 6, "freepats": 4, "notes": 2, "played": 0, "gm": 1}
KITS = {"FluidR3_GM": (0, 8, 16, 24, 25, 32, 40), "TimGM6mb": (0, 8, 16, 24, 25, 40)}


@dataclass(frozen=True)
class Stroke:
    """What is heard and seen of a one-shot, without its sound."""

    kind: str
    source: str
    group: str
    made: str
    evidence: Numbers  # in the order of names
    picture: Numbers


def main() -> None:
    """Hear, judge on machines left out, fit with all, write."""
    folders = ("corpora", "hydrogen", "kits", "samples", "patches", "fonts", "third")
    asked = ask(__doc__, "/tmp/oneshot-rows.pkl", *folders)
    rows, names = keep(asked.rows, lambda: hear_all(asked))
    sharp = judge(rows)
    kernel, networks = fitted(rows)
    place = Path(kind.__file__)
    kernel.write(place.with_name("oneshot.npz"), names, sharp * FIRM)
    networks.write(place.with_name("oneshot_pictures.npz"), sharp * SHARE)


def sources(asked: Namespace, rng: np.random.Generator) -> Iterator[Item]:
    """All one-shots."""
    yield from samples(asked.samples)
    yield from patches(asked.patches)
    yield from hydrogen(asked.kits)
    yield from machines(asked.corpora)
    yield from hydrogen(asked.hydrogen)
    yield from notes(asked.corpora, asked.fonts, rng)
    for font in (*asked.fonts, asked.third):
        yield from font_kits(font, KITS.get(font.stem, KITS["FluidR3_GM"]))


def hear_all(asked: Namespace) -> tuple[list[Stroke], list[str]]:
    """What is heard of each one-shot, and of changed copies; and the names of the evidence."""
    rng, rows, names = np.random.default_rng(5), [], []
    for item in sources(asked, rng):
        if np.abs(item.sound).max() < 1e-3:
            continue
        first, *others = versions(item.sound)
        judged = others if item.source in JUDGED else ()
        copies = [copied(item.sound, rng) for _ in range(COPIES[item.source])]
        made = [(first, ""), *((one, VERSION) for one in judged), *((one, "changed") for one in copies)]
        for sound, how in made:
            if np.abs(sound).max() >= 1e-4:
                evidence, picture = hear(sound)
                names = sorted(evidence)
                row = np.array([evidence[name] for name in names])
                rows.append(Stroke(item.kind, item.source, item.group, how, row, picture))
    return rows, names


def judge(rows: list[Stroke]) -> float:
    """Print the accuracy on machines left out, class by class; the sharpness for all."""
    places = [at for at, row in enumerate(rows) if row.source in JUDGED and not row.made]
    judged = [rows[at] for at in places]  # each is followed by its two other versions
    groups = np.array([row.group for row in judged])
    classes = sorted({row.kind for row in rows})
    logits = np.zeros((len(judged), len(classes)))
    for _, chosen in GroupKFold(FOLDS).split(groups, groups=groups):
        out = set(groups[chosen])
        kernel, networks = fitted([row for row in rows if row.group not in out])
        for one in chosen:
            seen = rows[places[one] : places[one] + 3]
            heard, pictures = (
                np.stack([row.evidence for row in seen]),
                np.stack([row.picture for row in seen]),
            )
            logits[one] = FIRM * kernel.logits(heard).mean(axis=0) + SHARE * networks.logits(pictures).mean(
                axis=0
            )
    report(logits, np.array([classes.index(row.kind) for row in judged]), classes)
    half = np.isin(groups, sorted(set(groups))[::2])
    return calibrate(
        "oneshot.label,machines", logits, np.array([classes.index(row.kind) for row in judged]), half
    )


def report(logits: Numbers, truth: np.ndarray, classes: list[str]) -> None:
    """Print the recall of each class, and what the drums come to together."""
    hits, drums = logits.argmax(axis=1) == truth, truth != classes.index(NOTE)
    recall = {one: float(hits[truth == place].mean()) for place, one in enumerate(classes)}
    print({one: round(value, 3) for one, value in recall.items()})
    macro = np.mean([value for one, value in recall.items() if one != NOTE])
    first_two = np.argsort(-logits, axis=1)[:, :2]
    best_two = (first_two == truth[:, None]).any(axis=1)[drums].mean()
    print(f"drums {hits[drums].mean():.3f}, macro recall {macro:.3f}, best two {best_two:.3f}")


def fitted(rows: list[Stroke]) -> tuple[KernelFit, PictureFit]:
    """Fits in which classes count by the power of BALANCE alike."""
    rows = [row for row in rows if row.made != VERSION]
    kinds = np.array([row.kind for row in rows])
    weights = np.array([WORTH[row.source] * (CHANGED if row.made else 1) for row in rows])
    sizes = {one: weights[kinds == one].sum() for one in set(kinds)}
    weights *= np.array([(weights.sum() / len(sizes) / sizes[one]) ** BALANCE for one in kinds])
    kernel = KernelFit(np.stack([row.evidence for row in rows]), kinds, weights, COUNT, BREADTH, RIDGE)
    return kernel, PictureFit(np.stack([row.picture for row in rows]), kinds, weights, MEMBERS)


if __name__ == "__main__":
    main()
