"""Tempo and key on the labelled sets, ours beside the peers': one row a set, one column a program."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from labels import Labelled, keyless, keys, tempi
from ours import Heard
from tables import share, table

from samplemind_daemon.analysis.scores import acc1, acc2, mean, mirex, root

TEMPO_PEERS = ("aubio", "librosa tempo", "essentia multifeature", "essentia percival")
KEY_PEERS = ("librosa key", "essentia edma", "essentia bgate")
ROOT_ONLY = ("arranger_bass",)  # a bass line tells the root; its mode is not to be heard

Ours = dict[Path, Heard]
Said = dict[Path, dict[str, Any]]
Credit = Callable[[Any, Any], float]


def tempo_tables(sets: Iterable[Labelled], ours: Ours, said: Said) -> str:
    """Acc1 and Acc2 of every set that has tempi, and how often ours was withheld."""
    labelled = [(one.name, true) for one in sets if (true := tempi(one))]
    head = ["set", "files", "SampleMind", *TEMPO_PEERS]
    parts = []
    for title, credit in (("Acc1", acc1), ("Acc2", acc2)):
        rows = [
            [name, len(true), *_scores(true, credit, "tempo.bpm", TEMPO_PEERS, ours, said)]
            for name, true in labelled
        ]
        parts.append(f"{title}:\n\n{table(head, rows)}")
    rows = [
        [name, *_answered(true, acc1, "tempo.bpm", ours), _of_answered(true, acc2, "tempo.bpm", ours)]
        for name, true in labelled
    ]
    parts.append(
        f"SampleMind's own answers:\n\n{table(['set', 'withheld', 'Acc1 of the rest', 'Acc2 of the rest'], rows)}"
    )
    return "\n\n".join(parts)


def key_tables(sets: Iterable[Labelled], ours: Ours, said: Said) -> str:
    """The key's score on every set that has keys, and how often there is said to be none."""
    labelled = [(one.name, true) for one in sets if (true := keys(one))]
    rows, exact, answered = [], [], []
    for name, true in labelled:
        credit, what, shown = (
            (root, "key.tonic", f"{name} (root only)") if name in ROOT_ONLY else (mirex, "key.key", name)
        )
        rows.append([shown, len(true), *_scores(true, credit, what, KEY_PEERS, ours, said)])
        if name not in ROOT_ONLY:
            exact.append([name, len(true), *_scores(true, _exact, what, KEY_PEERS, ours, said)])
        answered.append([shown, *_answered(true, credit, what, ours)])
    head = ["set", "files", "SampleMind", *KEY_PEERS]
    return "\n\n".join(
        (
            "MIREX score: exact 1, a fifth off 0.5, relative 0.3, parallel 0.2 (root only: is the tonic right?).",
            table(head, rows),
            f"Exactly right:\n\n{table(head, exact)}",
            f"SampleMind's own answers:\n\n{table(['set', 'withheld', 'score of the rest'], answered)}",
        )
    )


def keyless_table(sets: Iterable[Labelled], ours: Ours) -> str:
    """How many drum loops are said to have no key, and how many are given one without a word of doubt."""
    rows = []
    for one in sets:
        if paths := keyless(one):
            found = [ours[path].descriptors.get("key.key", {}) for path in paths if path in ours]
            withheld = sum(each.get("value") is None for each in found)
            plain = sum(each.get("value") is not None and each.get("status") == "ok" for each in found)
            rows.append([one.name, len(paths), share(withheld, len(paths)), share(plain, len(paths))])
    return table(["set", "files", "no key said", "a key said without doubt"], rows)


def _scores(
    true: dict[Path, Any], credit: Credit, name: str, peers: Iterable[str], ours: Ours, said: Said
) -> list[str]:
    """Ours, then each peer's: a file that one fails on counts as wrong."""
    mine = mean(
        credit(label, ours[path].best(name) if path in ours else None) for path, label in true.items()
    )
    theirs = (mean(credit(label, said[path].get(peer)) for path, label in true.items()) for peer in peers)
    return [f"**{mine}**", *(str(one) for one in theirs)]


def _answered(true: dict[Path, Any], credit: Credit, name: str, ours: Ours) -> tuple[str, str]:
    """The share of withheld answers, and the score of the others."""
    withheld = sum(path not in ours or ours[path].given(name) is None for path in true)
    return share(withheld, len(true)), _of_answered(true, credit, name, ours)


def _of_answered(true: dict[Path, Any], credit: Credit, name: str, ours: Ours) -> str:
    return str(
        mean(
            credit(label, value)
            for path, label in true.items()
            if (value := ours[path].given(name)) is not None
        )
    )


def _exact(true: str, said: str | None) -> float:
    return float(mirex(true, said) == 1)
