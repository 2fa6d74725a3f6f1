"""Words that SampleMind says of the labelled sets: meter, kind, class of one-shots, genre, instruments."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labels import Labelled, families, genres, kinds, meters, one_shots
from ours import Heard
from tables import share, table

from samplemind_daemon.analysis.scores import Score, akin, first, mean, meter, same

Ours = dict[Path, Heard]
Credit = Callable[[Any, Any], float]


@dataclass(frozen=True)
class Question:
    """What one descriptor is asked of each set that has labels for it."""

    title: str
    descriptor: str
    labels: Callable[[Labelled], dict[Path, str]]
    credit: Credit


QUESTIONS = (
    Question("Kind", "kind.label", kinds, same),
    Question("Class of one-shots", "oneshot.label", one_shots, same),
    Question("Genre", "genre.labels", genres, first),
    Question("Meter", "meter.signature", meters, meter),
    Question("Instruments", "instruments.labels", families, akin),
)
DRUMS = "instruments.labels", "drums"
LIKELY = 0.5  # from here on an instrument counts as present


def class_tables(sets: Iterable[Labelled], ours: Ours) -> str:
    """A table for each question, one row a set; or a sentence where no analyzer offers an answer."""
    sets = list(sets)
    return "\n\n".join(f"### {one.title}\n\n{_answers(one, sets, ours)}" for one in QUESTIONS)


def offered(descriptor: str, ours: Ours) -> bool:
    """Whether any file got an answer of this name, if only a withheld one."""
    return any(descriptor in heard.descriptors for heard in ours.values())


def _answers(question: Question, sets: list[Labelled], ours: Ours) -> str:
    labelled = {one.name: true for one in sets if (true := question.labels(one))}
    if not labelled:
        return f"None of the sets has labels for `{question.descriptor}`."
    if not offered(question.descriptor, ours):
        return f"No analyzer says `{question.descriptor}`."
    head = ["set", "files", "labels", "right", "mean recall", "withheld", "right of the rest"]
    parts = [table(head, [[name, *_row(question, true, ours)] for name, true in labelled.items()])]
    if question.descriptor == "meter.signature":
        parts.append(_threes(labelled, ours))
    if question.descriptor == DRUMS[0]:
        parts.append(_drums(sets, ours))
    return "\n\n".join(parts)


def _row(question: Question, true: dict[Path, str], ours: Ours) -> list[object]:
    """How often the answers are right over all files, over each label's files alike, and where not withheld."""
    said = {path: _heard(path, ours) for path in true}
    credit = {
        path: question.credit(label, said[path].best(question.descriptor)) for path, label in true.items()
    }
    given = {path: one.given(question.descriptor) for path, one in said.items()}
    rest = [question.credit(true[path], value) for path, value in given.items() if value is not None]
    withheld = share(sum(value is None for value in given.values()), len(true))
    recalls = _recalls(true, credit)
    return [len(true), len(recalls), f"**{mean(credit.values())}**", _macro(recalls), withheld, mean(rest)]


def _recalls(true: dict[Path, str], credit: dict[Path, float]) -> dict[str, Score]:
    inside: dict[str, list[float]] = defaultdict(list)
    for path, label in true.items():
        inside[label].append(credit[path])
    return {label: mean(credits) for label, credits in inside.items()}


def _macro(recalls: dict[str, Score]) -> str:
    return f"{sum(one.mean for one in recalls.values()) / len(recalls):.3f}" if len(recalls) > 1 else "–"


def _threes(labelled: dict[str, dict[Path, str]], ours: Ours) -> str:
    """Three beats against four, where a set has both."""
    rows = []
    for name, every in labelled.items():
        true = {path: label for path, label in every.items() if label in ("3/4", "4/4")}
        credit = {
            path: meter(label, _heard(path, ours).best("meter.signature")) for path, label in true.items()
        }
        recalls = _recalls(true, credit)
        if len(recalls) == 2:
            rows.append([name, len(true), mean(credit.values()), recalls["3/4"], recalls["4/4"]])
    return "3/4 against 4/4:\n\n" + table(["set", "files", "right", "of 3/4", "of 4/4"], rows)


def _drums(sets: Iterable[Labelled], ours: Ours) -> str:
    """How often drums are said to be there, by what plays in each set."""
    rows = []
    for one in sets:
        playing = {row.get("instrument", "") for row in one.rows.values()}
        if len(playing) == 1 and playing != {""}:
            present = sum(_has_drums(_heard(path, ours)) for path in one.rows)
            rows.append([one.name, playing.pop(), len(one.rows), share(present, len(one.rows))])
    return f"Drums said to be present, at {LIKELY:g} or more:\n\n" + table(
        ["set", "plays", "files", "drums"], rows
    )


def _has_drums(heard: Heard) -> bool:
    descriptor, drums = DRUMS
    labels = dict(heard.given(descriptor) or ())
    return float(labels.get(drums, 0)) >= LIKELY


def _heard(path: Path, ours: Ours) -> Heard:
    return ours.get(path) or Heard("failed", "", None, {})
