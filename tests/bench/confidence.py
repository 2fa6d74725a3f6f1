"""Whether confidences are probabilities: of the answers that said .7, seven in ten should be right."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classes import offered
from labels import Labelled, genres, keys, kinds, one_shots, tempi
from music import ROOT_ONLY, Ours
from reliability import Curve, Panel, draw
from tables import table

from samplemind_daemon.analysis.scores import Bin, acc1, bins, calibration_error, exact, first, same

MOST = 0.08  # calibration error that is promised of sounds that no fit had seen
Said = list[tuple[float, bool]]  # confidence, and whether the answer was right


@dataclass(frozen=True)
class Claim:
    """A descriptor whose confidence is meant as a probability: of what, and which sets its fit had seen."""

    title: str
    descriptor: str
    right: str  # in words
    labels: Callable[[Labelled], dict[Path, Any]]
    credit: Callable[[Any, Any], float]
    seen: str  # in words


CLAIMS = (
    Claim("tempo", "tempo.bpm", "within 4 %", tempi, acc1, "all of them"),
    Claim("key", "key.key", "exactly", keys, exact, "none: fitted on generated music"),
    Claim("kind", "kind.label", "the label", kinds, same, "all of them"),
    Claim("genre", "genre.labels", "the first", genres, first, "other songs of the same collection"),
    Claim("one-shot", "oneshot.label", "the label", one_shots, same, "all of them"),
)


def confidence_tables(sets: Iterable[Labelled], ours: Ours, left_out: Path, picture: Path) -> str:
    """The calibration error of each claim, and the bins of it; the picture of them is drawn, too."""
    sets, apart = list(sets), _left_out(left_out)
    said = {one.descriptor: _said(one, sets, ours) for one in CLAIMS}
    draw([_panel(one, said[one.descriptor], apart.get(one.descriptor, [])) for one in CLAIMS], picture)
    head = ["", "right is", "the fit had seen", "answers", "error", "left out", "answers", "error"]
    rows = [_row(one, said[one.descriptor], apart, ours) for one in CLAIMS]
    shown = [_bins(one, said[one.descriptor]) for one in CLAIMS if said[one.descriptor]]
    return "\n\n".join([table(head, rows), *shown])


def _said(claim: Claim, sets: Iterable[Labelled], ours: Ours) -> Said:
    found: Said = []
    for one in sets:
        if claim.descriptor == "key.key" and one.name in ROOT_ONLY:
            continue
        for path, label in claim.labels(one).items():
            heard = ours.get(path)
            value = heard.given(claim.descriptor) if heard else None
            if heard and value is not None and (sure := heard.confidence(claim.descriptor)) is not None:
                found.append((sure, bool(claim.credit(label, value))))
    return found


def _left_out(page: Path) -> dict[str, list[dict[str, str]]]:
    """Bins that fitting programs printed of sounds that they had left out, by descriptor."""
    found: dict[str, list[dict[str, str]]] = {}
    with page.open(newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["descriptor"], []).append(row)
    return found


def _apart(rows: Iterable[dict[str, str]]) -> list[Bin]:
    return [Bin(int(row["answers"]), float(row["confidence"]), float(row["right"])) for row in rows]


def _row(claim: Claim, said: Said, apart: dict[str, list[dict[str, str]]], ours: Ours) -> list[object]:
    error = calibration_error(said)
    here = [len(said), "–" if error is None else f"{error:.3f}"]
    if not offered(claim.descriptor, ours):
        here = ["–", f"`{claim.descriptor}` is not said"]
    rows = apart.get(claim.descriptor, [])
    there: list[object] = ["–", "–", "–"]
    if rows:
        found = _apart(rows)
        answers = sum(one.count for one in found)
        off = sum(one.count * abs(one.confidence - one.right) for one in found) / answers
        there = [rows[0]["left out"], answers, f"**{off:.3f}**"]
    return [claim.title, claim.right, claim.seen, *here, *there]


def _bins(claim: Claim, said: Said) -> str:
    rows = [[one.count, f"{one.confidence:.2f}", f"{one.right:.2f}"] for one in bins(said)]
    return f"{claim.title.capitalize()}:\n\n" + table(["answers", "mean confidence", "right"], rows)


def _panel(claim: Claim, said: Said, rows: list[dict[str, str]]) -> Panel:
    curves = [Curve(f"these sets ({len(said)})", bins(said))] if said else []
    if rows:
        found = _apart(rows)
        curves.append(Curve(f"left out ({sum(one.count for one in found)})", found))
    return Panel(claim.title, curves)
