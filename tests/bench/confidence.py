"""Whether confidences are probabilities: of the answers that said .7, seven in ten should be right."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from labels import Labelled, keys, tempi
from music import ROOT_ONLY, Ours
from tables import table

from samplemind_daemon.analysis.scores import acc1, mirex

EDGES = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
Said = list[tuple[float, bool]]  # confidence, and whether the answer was right


def confidence_tables(sets: Iterable[Labelled], ours: Ours) -> str:
    """For tempo and key, over all sets: how sure the answers were, and how many were right."""
    tempo: Said = []
    key: Said = []
    for one in sets:
        tempo += _said(tempi(one), "tempo.bpm", acc1, ours)
        if one.name not in ROOT_ONLY:
            key += _said(keys(one), "key.key", lambda true, said: mirex(true, said) == 1, ours)
    return f"Tempo (right: Acc1):\n\n{_table(tempo)}\n\nKey (right: exactly):\n\n{_table(key)}"


def _said(true: dict[Path, Any], name: str, right: Callable[[Any, Any], bool], ours: Ours) -> Said:
    found = []
    for path, label in true.items():
        value, confidence = ours[path].given(name), ours[path].confidence(name)
        if value is not None and confidence is not None:
            found.append((confidence, right(label, value)))
    return found


def _table(said: Said) -> str:
    rows = []
    for low, high in pairwise(EDGES):
        inside = [one for one in said if low <= one[0] < high]
        if inside:
            sure = sum(confidence for confidence, _ in inside) / len(inside)
            right = sum(correct for _, correct in inside) / len(inside)
            rows.append([f"{low:.1f} to {min(high, 1):.1f}", len(inside), f"{sure:.2f}", f"{right:.2f}"])
    return table(["confidence", "answers", "mean confidence", "right"], rows)
