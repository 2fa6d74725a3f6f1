"""How good the analyzer is, in tables."""

import numpy as np
from labelled import MULTIPLES, SETS, Item, is_right
from learning import Model

from samplemind_plugins.tempo.beats import periods, track
from samplemind_plugins.tempo.envelopes import ALL, onsets
from samplemind_plugins.tempo.grid import Numbers
from samplemind_plugins.tempo.precision import exact


def accuracies(title: str, items: list[Item], models: list[Model]) -> None:
    """Print Acc1 and Acc2 of the candidate, and of the tempo as returned, by set and as the mean of the sets."""
    found = np.array([_hits(item, model) for item, model in zip(items, models, strict=True)], float)
    kinds = np.array([item.kind for item in items])
    means = np.array([found[kinds == kind].mean(axis=0) for kind in SETS])
    print(f"\n{title}: Acc1/Acc2 of the candidate, as returned; share within .1 BPM; told that loops are")
    for kind, row in zip((*SETS, "mean of sets"), (*means, means.mean(axis=0)), strict=True):
        print(
            f"  {kind:16} {row[0]:.3f}/{row[1]:.3f}  {row[2]:.3f}/{row[3]:.3f}  {row[4]:.2f}  {row[5]:.3f}/{row[6]:.3f}"
        )


def _hits(item: Item, model: Model) -> tuple[bool, ...]:
    best = model.choose(item).order[0]
    tempo, bpm = float(item.evidence.tempi[best]), returned(item, best)
    told = float(item.evidence.tempi[model.choose(item, told=True).order[0]])
    right = [is_right(item.bpm, one, of) for one in (tempo, bpm, told) for of in ((1,), MULTIPLES)]
    return *right[:4], abs(bpm - item.bpm) < 0.1, *right[4:]


def returned(item: Item, best: int) -> float:
    """The tempo that the analyzer says when it chooses a candidate."""
    strength = onsets(item.heard)[ALL]
    period = periods(item.evidence.salience, float(item.evidence.tempi[best]), len(strength))
    return exact(item.evidence, best, track(strength, period), item.seconds)


def reliability(title: str, items: list[Item], sure: Numbers, models: list[Model]) -> None:
    """Print, by set, how often the tempo is right where a confidence is said."""
    said = sure[: len(items)]
    right = np.array([_hits(item, model)[2] for item, model in zip(items, models, strict=True)], float)
    kinds = np.array([item.kind for item in items])
    print(f"\n{title}: confidence said:true(sounds), and the expected error of it")
    for kind in (*SETS, "all"):
        chosen = (kinds == kind) | (kind == "all")
        print(f"  {kind:16} {_reliability(said[chosen], right[chosen])}")


def _reliability(said: Numbers, right: Numbers) -> str:
    bins, cells, error = np.minimum((said * 10).astype(int), 9), [], 0.0
    for number in np.unique(bins):
        chosen = bins == number
        error += chosen.mean() * abs(said[chosen].mean() - right[chosen].mean())
        cells.append(f"{said[chosen].mean():.2f}:{right[chosen].mean():.2f}({chosen.sum()})")
    return f"{error:.3f}  {' '.join(cells)}"


def silences(items: list[Item], sure: Numbers) -> None:
    """Print what is said of sounds that have no tempo."""
    print("\nno tempo, kind left out: confidence said, mean and highest; how many are above .5")
    kinds = np.array([item.kind for item in items])
    for kind in sorted(set(kinds.tolist())):
        said = sure[kinds == kind]
        print(f"  {kind:16} {said.mean():.2f} {said.max():.2f}  {(said > 0.5).sum()} of {len(said)}")
