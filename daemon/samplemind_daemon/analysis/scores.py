"""How answers are scored against labels: a credit from 0 to 1 for each, their mean, and what confidences are worth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan, sqrt
from typing import Any

CLASSES = {name: number for number, name in enumerate("C C# D D# E F F# G G# A A# B".split())}
CLASSES |= {"Db": 1, "Eb": 3, "Gb": 6, "Ab": 8, "Bb": 10}
OCTAVES = (1, 2, 3, 1 / 2, 1 / 3)  # that Acc2 takes for right
TOLERANCE = 0.04  # of the true tempo
BINS = 10  # of equal width, for confidences


@dataclass(frozen=True)
class Score:
    """The mean of some credits, or of some errors."""

    mean: float
    error: float  # standard error of the mean
    count: int

    def __str__(self) -> str:
        return f"{self.mean:.3f} ± {self.error:.3f}" if self.count else "–"


@dataclass(frozen=True)
class Bin:
    """Answers that were about equally sure: their mean confidence, and the share of them that was right."""

    count: int
    confidence: float
    right: float


def mean(credits: Iterable[float]) -> Score:
    """Their mean; of none, a score without a count."""
    values = [float(one) for one in credits]
    if not values:
        return Score(nan, nan, 0)
    centre = sum(values) / len(values)
    spread = sum((one - centre) ** 2 for one in values) / max(1, len(values) - 1)
    return Score(centre, sqrt(spread / len(values)), len(values))


def bins(said: Iterable[tuple[float, bool]]) -> list[Bin]:
    """Answers as (confidence, whether right), in BINS of equal width; empty ones are left out."""
    inside: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for sure, right in said:
        inside[min(BINS - 1, int(sure * BINS))].append((sure, right))
    return [
        Bin(len(each), sum(sure for sure, _ in each) / len(each), sum(right for _, right in each) / len(each))
        for each in inside
        if each
    ]


def calibration_error(said: Sequence[tuple[float, bool]]) -> float | None:
    """The mean distance of confidence from truth over bins, weighted by answers; None without answers.

    Naeini, Cooper and Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning, AAAI 2015.
    """
    if not said:
        return None
    return sum(one.count * abs(one.confidence - one.right) for one in bins(said)) / len(said)


def acc1(true: float, said: float | None) -> bool:
    """Whether a tempo is within 4 % of the label."""
    return _near(true, said, (1,))


def acc2(true: float, said: float | None) -> bool:
    """Whether it is so at twice, three times, half or a third of the label, too."""
    return _near(true, said, OCTAVES)


def _near(true: float, said: float | None, factors: tuple[float, ...]) -> bool:
    if said is None:
        return False
    return any(abs(said - true * factor) <= TOLERANCE * true * factor for factor in factors)


def mirex(true: str, said: str | None) -> float:
    """The credit of a key: exact 1, a fifth up or down 0.5, the relative key 0.3, the parallel one 0.2."""
    if said is None:
        return 0.0
    (root, mode), (other, other_mode) = true.split()[:2], said.split()[:2]
    step = (CLASSES[other] - CLASSES[root]) % 12
    if mode == other_mode:
        return {0: 1.0, 5: 0.5, 7: 0.5}.get(step, 0.0)
    relative = 9 if mode == "major" else 3
    return {relative: 0.3, 0: 0.2}.get(step, 0.0)


def exact(true: str, said: str | None) -> bool:
    """Whether a key is right in tonic and mode."""
    return mirex(true, said) == 1


def root(true: str, said: str | None) -> bool:
    """Whether the tonic is right, whatever the mode."""
    return said is not None and CLASSES[true.split()[0]] == CLASSES[said.split()[0]]


def meter(true: str, said: str | None) -> bool:
    """Whether a time signature is the label; a label without a note value, "3", is about the beats of a bar only."""
    if said is None or "/" in true:
        return said == true
    beats, value = (int(part) for part in said.split("/"))
    compound = value == 8 and beats % 3 == 0
    return int(true) in ((beats, beats // 3) if compound else (beats,))


def same(true: str, said: str | None) -> bool:
    """Whether a word is the label."""
    return said is not None and said.lower() == true.lower()


def first(true: str, said: Sequence[Sequence[Any]] | None) -> bool:
    """Whether the first of [name, probability] is the label."""
    return said is not None and len(said) > 0 and same(true, said[0][0])


def akin(true: str, said: Sequence[Sequence[Any]] | None) -> bool:
    """Whether the first of [name, probability] is the label, its family or one of it: a guitar, an acoustic guitar."""
    if not said:
        return False
    these, those = set(true.lower().split()), set(str(said[0][0]).lower().split())
    return these <= those or those <= these
