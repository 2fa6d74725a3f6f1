"""Fit where beats and bars begin, and the metre, and say how good they are on sounds they have not seen.

usage: fit_bars.py CORPORA CACHE [--write]

As fit.py, which goes first; with --write, bars.json is replaced. The metre is judged on beats at the tempo that the
analyzer chooses without having seen the group; the beat's place on beats at the true tempo.
"""

import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fit import folds, left_out
from labelled import Item, composed, load
from learning import Model, fit_softmax, weights

import samplemind_plugins.tempo
from samplemind_plugins.tempo.accents import beginning
from samplemind_plugins.tempo.bars import downbeat_evidence
from samplemind_plugins.tempo.beats import periods, track
from samplemind_plugins.tempo.envelopes import ALL, LOW, onsets
from samplemind_plugins.tempo.grid import Numbers
from samplemind_plugins.tempo.loudness import loudness
from samplemind_plugins.tempo.phase import OFFSETS, moved, phase_evidence, place
from samplemind_plugins.tempo.signature import BEATS, Fitted, metre_evidence, signatures

NAMES = list(BEATS)
FELT = {"12/8": "6/8"}  # twice two beats of three parts
RARE = 0.75  # power of its number by which a metre counts less
DECAY = {"choice": 0.1, "metre": 2.0}  # L2 penalty
ALIKE = {"2/4": "4/4"}  # two bars of two sound as one of four: the rarer counts no more for being rare
CLOSE = 0.05  # of a beat


@dataclass(frozen=True)
class Case:
    """One choice that is labelled: evidence of each alternative, and which is true."""

    item: Item
    evidence: Numbers  # shape (alternatives, evidence), or of a metre (evidence,)
    true: int  # -1 if it is none of them


def main(corpora: Path, cache: Path, write: bool) -> None:
    """Print the tables, and write the numbers."""
    items = load(corpora, cache)
    loops = [item for item in items if item.loop]
    heard = {id(item): (onsets(item.heard), loudness(item.heard.levels)) for item in items}
    phases = [_phase_case(item, *heard[id(item)]) for item in loops]
    phase = _choice("place of the beat", phases)
    downbeats = [_bar_case(item, *heard[id(item)], phase) for item in loops]
    downbeat = _choice("downbeat", [case for case in downbeats if case])
    models = left_out(items, weights(items), composed(cache), folds(items))
    cases = _metre_cases(corpora, items, models, heard, phase)
    final = _metres(cases, phase, downbeat)
    if write:
        target = Path(samplemind_plugins.tempo.__file__).with_name("bars.json")
        stored = {name: np.round(value, 4).tolist() for name, value in vars(final).items()}
        target.write_text(
            json.dumps({"comment": "fitted by plugins/training/tempo/fit_bars.py"} | stored) + "\n"
        )


def _tracked(item: Item, tempo: float, rows: Numbers) -> tuple[Numbers, Numbers]:
    period = periods(item.evidence.salience, tempo, rows.shape[1])
    return period, track(rows[ALL], period)


def _phase_case(item: Item, rows: Numbers, loud: Numbers) -> Case:
    _, beats = _tracked(item, item.bpm, rows)
    return Case(item, phase_evidence(loud, beats), int(_away(item, beats).argmin()))


def _away(item: Item, beats: Numbers) -> Numbers:
    """How far, in beats, each of OFFSETS is from the grid that starts with the sound."""
    turn = np.angle(np.exp(2j * np.pi * beats * item.bpm / 60).mean()) / (2 * np.pi)
    away: Numbers = np.abs((turn + OFFSETS + 0.5) % 1 - 0.5)
    return away


def _bar_case(item: Item, rows: Numbers, loud: Numbers, phase: Numbers) -> Case | None:
    """The first beats as beginnings of a bar of four, of a loop whose beats are found."""
    period, beats = _tracked(item, item.bpm, rows)
    offset, _ = place(phase_evidence(loud, beats), beats, 1.0, phase)
    beats = moved(rows[ALL], period, beats, offset)
    bars = item.seconds * item.bpm / 60 / 4
    if len(beats) < 8 or _away(item, beats)[0] > CLOSE or abs(bars - round(bars)) > CLOSE:
        return None
    first = round(float(beats[0] * item.bpm / 60))
    return Case(item, downbeat_evidence(loud, rows[LOW], beats, 4), -first % 4)


def _choice(title: str, cases: list[Case]) -> Numbers:
    """Fit weights of alternatives; print how often the true one is chosen, before, by set and by group left out."""
    items = [case.item for case in cases]
    weight, sets, groups = weights(items), np.array([item.kind for item in items]), folds(items)
    evidence, true = np.array([case.evidence for case in cases]), np.array([case.true for case in cases])
    print(f"\n{title}: right if the first is taken; set left out; group left out")
    columns = [true == 0]
    for keys in (sets, groups):
        right = np.zeros(len(cases), bool)
        for key in set(keys.tolist()):
            fitted = fit_softmax(
                evidence[keys != key], true[keys != key], weight[keys != key], DECAY["choice"]
            )
            right[keys == key] = (evidence[keys == key] @ fitted).argmax(axis=1) == true[keys == key]
        columns.append(right)
    for name in dict.fromkeys(sets.tolist()):
        print(
            f"  {name:16} {(sets == name).sum():4}", *(f"{each[sets == name].mean():.3f}" for each in columns)
        )
    return fit_softmax(evidence, true, weight, DECAY["choice"])


def _metre_cases(
    corpora: Path,
    items: list[Item],
    models: list[Model],
    heard: dict[int, tuple[Numbers, Numbers]],
    phase: Numbers,
) -> list[Case]:
    labels = {
        (name, row["file"]): _felt(row)
        for name in {item.kind for item in items}
        for row in csv.DictReader((corpora / name / "labels.csv").open())
    }
    cases = []
    for item, model in zip(items, models, strict=True):
        true = labels[item.kind, item.file]
        if not true:
            continue
        rows, loud = heard[id(item)]
        period, beats = _tracked(item, float(item.evidence.tempi[model.choose(item).order[0]]), rows)
        offset, _ = place(phase_evidence(loud, beats), beats, 0.0, phase)
        beats = moved(rows[ALL], period, beats, offset)
        evidence = metre_evidence(beginning(item.heard.levels), beats)
        if evidence is not None:
            cases.append(Case(item, evidence, NAMES.index(true) if true in NAMES else -1))
    return cases


def _felt(row: dict[str, str]) -> str:
    if row.get("beats_per_bar"):
        return f"{row['beats_per_bar']}/4"
    return FELT.get(row["time_signature"], row["time_signature"])


def _metres(cases: list[Case], phase: Numbers, downbeat: Numbers) -> Fitted:
    items = [case.item for case in cases]
    sets, groups = np.array([item.kind for item in items]), folds(items)
    evidence, true = np.array([case.evidence for case in cases]), np.array([case.true for case in cases])
    weight = weights(items)
    rare = np.array([ALIKE.get(NAMES[metre], NAMES[metre]) if metre >= 0 else "other" for metre in true])
    for name in set(rare.tolist()):
        weight[rare == name] /= weight[rare == name].sum() ** RARE
    weight /= weight.mean()

    def fit(seen: Numbers) -> Fitted:
        mean, scale = evidence[seen].mean(axis=0), evidence[seen].std(axis=0) + 1e-6
        inputs = np.clip((evidence[seen] - mean) / scale, -3, 3)
        filled = np.column_stack([inputs, np.ones(len(inputs))])
        # each metre has weights of its own: alternatives are blocks of a wide vector
        wide = np.einsum("km,nf->nkmf", np.eye(len(NAMES)), filled).reshape(len(filled), len(NAMES), -1)
        found = fit_softmax(wide, true[seen], weight[seen], DECAY["metre"]).reshape(len(NAMES), -1)
        return Fitted(mean, scale, found[:, :-1].T, found[:, -1], phase, downbeat)

    for title, keys in (("set left out", sets), ("group left out", groups)):
        said = [None] * len(cases)
        for key in set(keys.tolist()):
            model = fit((keys != key) & (true >= 0))
            for one in np.flatnonzero(keys == key):
                said[one] = signatures(evidence[one], model)
        _metre_table(title, cases, said)
    return fit(true >= 0)


def _metre_table(title: str, cases: list[Case], said: list) -> None:
    print(
        f"\nmetre, {title}: three against four, recall of three; share said (probability .5), right of these"
    )
    kinds = np.array([case.item.kind for case in cases])
    true = np.array([NAMES[case.true] if case.true >= 0 else "other" for case in cases])
    three = np.array([dict(each)["3/4"] > dict(each)["4/4"] for each in said])
    best, sure = np.array([each[0][0] for each in said]), np.array([each[0][1] for each in said])
    for kind in (*dict.fromkeys(kinds.tolist()), "all"):
        here = (kinds == kind) | (kind == "all")
        both, threes = here & np.isin(true, ("3/4", "4/4")), here & (true == "3/4")
        right = ((true == "3/4") == three)[both].mean()
        recall = f"{three[threes].mean():.2f}" if threes.any() else "-"
        print(f"  {kind:16} {right:.2f} {recall} ({both.sum()}, {threes.sum()})", end="  ")
        print(f"{(sure[here] >= 0.5).mean():.2f} {(best == true)[here & (sure >= 0.5)].mean():.2f}", end="  ")
        print(*_reliability(sure[here], (best == true)[here]))
    for name in (*NAMES, "other"):
        print(f"  {name} is said", {other: int((best[true == name] == other).sum()) for other in NAMES})


def _reliability(said: Numbers, right: Numbers) -> list[str]:
    tenth = np.minimum((said * 10).astype(int), 9)
    return [
        f"{said[tenth == n].mean():.2f}:{right[tenth == n].mean():.2f}({(tenth == n).sum()})"
        for n in np.unique(tenth)
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), "--write" in sys.argv[3:])
