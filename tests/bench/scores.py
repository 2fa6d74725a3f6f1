"""How answers are scored: tempo by Acc1 and Acc2, key by MIREX's weights; each as a mean with its standard error."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import nan, sqrt

CLASSES = {name: number for number, name in enumerate("C C# D D# E F F# G G# A A# B".split())}
CLASSES |= {"Db": 1, "Eb": 3, "Gb": 6, "Ab": 8, "Bb": 10}
OCTAVES = (1, 2, 3, 1 / 2, 1 / 3)  # that Acc2 takes for right
TOLERANCE = 0.04  # of the true tempo


@dataclass(frozen=True)
class Score:
    """The mean of some credits between 0 and 1."""

    mean: float
    error: float  # standard error of the mean
    count: int

    def __str__(self) -> str:
        return f"{self.mean:.3f} ± {self.error:.3f}" if self.count else "–"


def mean(credits: Iterable[float]) -> Score:
    """Their mean; of none, a score without a count."""
    values = [float(one) for one in credits]
    if not values:
        return Score(nan, nan, 0)
    centre = sum(values) / len(values)
    spread = sum((one - centre) ** 2 for one in values) / max(1, len(values) - 1)
    return Score(centre, sqrt(spread / len(values)), len(values))


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


def root(true: str, said: str | None) -> float:
    """Whether the tonic is right, whatever the mode."""
    return float(said is not None and CLASSES[true.split()[0]] == CLASSES[said.split()[0]])
