"""Fit the numbers of the tempo analyzer and say how good it is on sounds it has not seen.

usage: fit.py CORPORA CACHE [--write]

CORPORA holds a folder for each set, with a labels.csv; what was heard is kept in CACHE, which is to be
emptied when memory.py, bands.py or witness.py change; compose.py goes first. With --write, weights.json is replaced.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from labelled import Item, composed, load, notes
from learning import Model, fit_model, fit_pulse, weights
from pulseless import made
from report import accuracies, reliability, silences

import samplemind_plugins.tempo
from samplemind_plugins.tempo import CERTAIN, FEWEST
from samplemind_plugins.tempo.choice import Expert, Pulse
from samplemind_plugins.tempo.grid import Numbers

PULSELESS_SHARE = 1 / 3  # weight of all sounds without a tempo, of that of all music


def main(corpora: Path, cache: Path, write: bool) -> None:
    """Print the tables, and write the weights."""
    items, made_up = load(corpora, cache), composed(cache)
    without = [item for item in made() + notes(corpora, cache) if item.onsets >= FEWEST]
    weight = weights(items)
    sets, groups = np.array([item.kind for item in items]), folds(items)
    for title, keys in (
        ("set left out", sets),
        ("family left out", np.array([_family(item) for item in items])),
        ("groups left out, five folds", groups),
    ):
        models = left_out(items, weight, made_up, keys)
        accuracies(title, items, models)
        if keys is sets:
            final = fit_model(items, weight, made_up)
            sure, pulse = _doubts(items, models, without, final)
            reliability(title, items, sure, models)
            silences(without, sure[len(items) :])
    final = replace(final, pulse=pulse)
    accuracies("in sample", items, [final] * len(items))
    if write:
        _write(final)


def left_out(items: list[Item], weight: Numbers, composed: list[Item], keys: Numbers) -> list[Model]:
    """For each sound, the model fitted to all sounds with other keys, and to what is composed."""
    models = {}
    for key in sorted(set(keys.tolist())):
        seen = np.flatnonzero(keys != key)
        models[key] = fit_model([items[i] for i in seen], weight[seen], composed)
    return [models[key] for key in keys.tolist()]


def _family(item: Item) -> str:
    """What is alike in more than one set: the same arranger, loops of drums, the same collection of scores."""
    if item.kind in ("breaks", "lmms_loops"):
        return "loops"
    return item.file[:4] if item.kind == "rendered_scores" else item.kind.split("_")[0]


def folds(items: list[Item]) -> Numbers:
    """A fold of five for each sound; sounds of one style or song are in the same."""
    names = sorted({item.group for item in items})
    np.random.default_rng(1).shuffle(names)
    fold = {name: number % 5 for number, name in enumerate(names)}
    return np.array([fold[item.group] for item in items])


def _doubts(
    items: list[Item], models: list[Model], without: list[Item], final: Model
) -> tuple[Numbers, Pulse]:
    """The confidence in each sound, music first, with its whole kind left out; and the doubt fitted to all.

    It is fitted to music as judged by models that have not seen it, and to sounds that have no tempo.
    """
    every = [*items, *without]
    probability, inputs, right = np.empty(len(every)), np.empty((len(every), 2)), np.empty(len(every))
    for i, (item, model) in enumerate(zip(every, [*models, *[final] * len(without)], strict=True)):
        chosen = model.choose(item)
        best = chosen.order[0]
        probability[i], right[i] = min(CERTAIN, chosen.probability[best]), item.right[best]
        inputs[i] = item.evidence.contrast[best], item.coherent(best)
    kinds = np.array([item.kind for item in every])
    weight = np.array([(kinds == kind).sum() ** -0.5 for kind in kinds])
    weight[len(items) :] *= PULSELESS_SHARE * weight[: len(items)].sum() / weight[len(items) :].sum()
    sure = np.empty(len(every))
    for kind in set(kinds.tolist()):
        seen, unseen = kinds != kind, kinds == kind
        pulse = fit_pulse(probability[seen], inputs[seen], right[seen], weight[seen])
        sure[unseen] = probability[unseen] * [pulse.probability(*pair) for pair in inputs[unseen]]
    return sure, fit_pulse(probability, inputs, right, weight)


def _write(model: Model) -> None:
    target = Path(samplemind_plugins.tempo.__file__).with_name("weights.json")
    stored = {
        "comment": "fitted by plugins/training/tempo/fit.py",
        **{name: _plain(expert) for name, expert in vars(model.experts).items()},
        "pulse": vars(model.pulse),
    }
    target.write_text(json.dumps(stored) + "\n")


def _plain(expert: Expert) -> dict[str, Any]:
    return {
        name: value
        if name == "names"
        else np.vectorize(lambda one: float(f"{one:.5g}"), otypes=[float])(value).tolist()
        for name, value in vars(expert).items()
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), "--write" in sys.argv[3:])
