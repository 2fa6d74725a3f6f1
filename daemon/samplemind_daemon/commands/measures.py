"""What is measured on labelled sound: which descriptor answers which label, and how the answer is scored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samplemind_daemon.analysis import scores
from samplemind_daemon.analysis.scores import Score, calibration_error, mean
from samplemind_daemon.commands.labels import Truth, having
from samplemind_daemon.model import Descriptor

Credit = Callable[[Any, Any], float]  # of the label and the answer, which may be None
Answers = Mapping[Path, Mapping[str, Descriptor]]


@dataclass(frozen=True)
class Measure:
    """A question to all files that have a label of this subject."""

    title: str
    descriptor: str
    subject: str
    credit: Credit
    unit: str = ""  # of an error; a credit has none
    right: Credit | None = None  # what confidence is the probability of


@dataclass(frozen=True)
class Outcome:
    """What became of a measure: all files, with first candidates, and those whose answers were not withheld."""

    measure: Measure
    files: int
    score: Score
    largest: float
    withheld: float  # share of the files
    answered: Score
    calibration: float | None


MEASURES = (
    Measure("tempo, Acc1", "tempo.bpm", "bpm", scores.acc1, right=scores.acc1),
    Measure("tempo, Acc2", "tempo.bpm", "bpm", scores.acc2),
    Measure("key, MIREX", "key.key", "key", scores.mirex, right=scores.exact),
    Measure("key, exact", "key.key", "key", scores.exact),
    Measure("key, tonic", "key.tonic", "tonic", scores.root),
    Measure("meter", "meter.signature", "meter", scores.meter, right=scores.meter),
    Measure("kind", "kind.label", "kind", scores.same, right=scores.same),
    Measure("one-shot class", "oneshot.label", "oneshot", scores.same, right=scores.same),
    Measure("genre, first", "genre.labels", "genre", scores.first, right=scores.first),
    Measure("instrument, first", "instruments.labels", "instrument", scores.akin, right=scores.akin),
    Measure("loudness, off by", "loudness.integrated", "lufs", lambda true, said: abs(said - true), "LU"),
    Measure("loudness range, off by", "loudness.range", "range", lambda true, said: abs(said - true), "LU"),
)
DESCRIPTORS = frozenset(one.descriptor for one in MEASURES)


def best(found: Descriptor | None) -> Any:
    """The value, or the first candidate where it was withheld; None if there is none."""
    if found is None:
        return None
    if found.value is None and found.candidates:
        return found.candidates[0][0]
    return found.value


def sureness(found: Descriptor) -> float | None:
    """How sure an answer is: its confidence, or the probability of the first of several labels."""
    if found.confidence is not None or not isinstance(found.value, tuple):
        return found.confidence
    labels = [one for one in found.value if isinstance(one, tuple) and len(one) == 2]
    return float(labels[0][1]) if labels else None


def measure(one: Measure, labels: Mapping[Path, Truth], answers: Answers) -> Outcome | None:
    """What became of a measure; None if no file has such a label."""
    asked = [
        (label, answers.get(path, {}).get(one.descriptor)) for path, label in having(labels, one.subject)
    ]
    if not asked:
        return None
    all_of_them = [(label, best(found)) for label, found in asked]
    given = [(label, found) for label, found in asked if found is not None and found.value is not None]
    credits = [float(one.credit(*pair)) for pair in all_of_them if not one.unit or pair[1] is not None]
    return Outcome(
        measure=one,
        files=len(asked),
        score=mean(credits),
        largest=max(credits, default=0.0),
        withheld=1 - len(given) / len(asked),
        answered=mean(one.credit(label, found.value) for label, found in given),
        calibration=_calibration(one, given),
    )


def _calibration(one: Measure, given: Iterable[tuple[Any, Descriptor]]) -> float | None:
    if one.right is None:
        return None
    sure = [(sureness(found), bool(one.right(label, found.value))) for label, found in given]
    return calibration_error([(confidence, right) for confidence, right in sure if confidence is not None])
