"""How many beats there are in a bar, and how they are divided."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from .accents import PARTS, accents, alike
from .bands import Levels
from .choice import normalised, standardised
from .grid import Numbers

BEATS = {"4/4": 4, "3/4": 3, "6/8": 2, "2/4": 2}  # of a bar, as they are felt
FEWEST = 8  # beats
VARIED = 0.01  # how much beats must differ from their mean, as a share of power, to tell bars


@dataclass(frozen=True)
class Fitted:
    """What plugins/training/tempo/fit_bars.py fits to bars and beats."""

    mean: Numbers  # of metre_evidence
    scale: Numbers
    weight: Numbers  # shape (evidence, metres)
    bias: Numbers  # shape (metres,)
    phase: Numbers  # of phase_evidence
    downbeat: Numbers  # of downbeat_evidence


@cache
def fitted() -> Fitted:
    """What is shipped."""
    stored = json.loads(files(__package__).joinpath("bars.json").read_text())
    return Fitted(*(np.array(stored[name]) for name in Fitted.__annotations__))


def metre_evidence(pieces: tuple[Levels, ...], beats: Numbers) -> Numbers | None:
    """What tells three from two and four, and thirds from halves; None if beats are few, or all alike."""
    if len(beats) < FEWEST:
        return None
    whole, low, colours = accents(pieces, beats)
    if all(each.var(axis=0).sum() < VARIED * (each**2).mean(axis=0).sum() for each in (whole, low)):
        return None
    similar = np.array([alike(each) for each in (whole, low, colours)])
    triple = similar[:, [3, 6, 9, 15]].mean(axis=1) - similar[:, [2, 4, 8, 16]].mean(axis=1)
    within = whole.mean(axis=0) / (whole.mean() + 1e-9)
    third, half = PARTS // 3, PARTS // 2
    turns = np.abs(np.fft.rfft(within)) / PARTS
    thirds = (within[third] + within[2 * third]) / 2 - within[half]
    return np.array([*triple, thirds, turns[3] - turns[2], turns[4] - turns[3]])


def signatures(evidence: Numbers, known: Fitted) -> list[tuple[str, float]]:
    """The time signatures with their probabilities, the most probable first."""
    scores = standardised(evidence, known.mean, known.scale) @ known.weight + known.bias
    chances = np.exp(normalised(scores))
    names = list(BEATS)
    return [(names[one], float(chances[one])) for one in np.argsort(-chances, kind="stable")]
