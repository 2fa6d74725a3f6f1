"""From the evidence to the probability of each candidate: fitted experts, networks, and a doubt about any pulse."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from scipy.special import expit

from .evidence import Evidence
from .grid import Numbers
from .length import shortness

MANY = 0.5  # the say of the expert with a hidden layer
HEARD_LOOPS, HEARD_LONG = 0.2, 0.3  # the say of the networks that heard played music
LEAST = -13.8  # log probability, so that no expert has a veto
SURER = 1.5  # experts who are asked together are too modest: power of their common opinion
SAME = 0.03  # candidates so near each other, as a ratio, are one tempo


@dataclass(frozen=True)
class Expert:
    """A score for each candidate; the softmax over the candidates of a sound is their probability.

    score = direct . x + out . tanh(x . inside + bias), with x the evidence, standardised.
    """

    names: tuple[str, ...]
    mean: Numbers
    scale: Numbers
    direct: Numbers  # shape (names,)
    inside: Numbers  # shape (names, hidden); hidden may be 0
    bias: Numbers  # shape (hidden,)
    out: Numbers  # shape (hidden,)

    def log_probability(self, evidence: Evidence) -> Numbers:
        """The logarithm of the probability of each candidate, shape (candidates,)."""
        inputs = standardised(evidence.columns(self.names), self.mean, self.scale)
        hidden = np.tanh(inputs @ self.inside + self.bias) @ self.out
        return normalised(inputs @ self.direct + hidden)


@dataclass(frozen=True)
class Chosen:
    """The candidates, the most probable first."""

    order: tuple[int, ...]  # of those that are tempi of their own
    probability: Numbers  # that a candidate is the tempo, if there is one, of all of them


@dataclass(frozen=True)
class Pulse:
    """How likely there is a steady pulse at all: what is fitted of a logistic function."""

    bias: float
    contrast: float
    coherence: float

    def probability(self, contrast: float, coherence: float) -> float:
        """Given the contrast and the logarithm of the coherence of the chosen candidate."""
        return float(expit(self.bias + self.contrast * contrast + self.coherence * coherence))


@dataclass(frozen=True)
class Experts:
    """Who is asked: one with few weights for loops, one with fewer for long sounds, and one with many for both."""

    loop: Expert
    long: Expert
    many: Expert

    def probability(self, evidence: Evidence, short: float) -> Numbers:
        """Of each candidate alone, by the product of their opinions and that of the networks.

        `short` is 1 for a loop, 0 for a long sound.
        """
        loop, long, many = (
            np.maximum(one.log_probability(evidence), LEAST) for one in (self.loop, self.long, self.many)
        )
        judged = (1 - MANY) * (short * loop + (1 - short) * long) + MANY * many
        heard = HEARD_LONG + (HEARD_LOOPS - HEARD_LONG) * short
        opinion = (1 - heard) * judged + heard * normalised(evidence.heard)
        probability: Numbers = np.exp(normalised(SURER * opinion))
        return probability


@cache
def fitted() -> tuple[Experts, Pulse]:
    """What is shipped: plugins/training/tempo/fit.py writes it to weights.json."""
    stored = json.loads(files(__package__).joinpath("weights.json").read_text())
    experts = (
        Expert(
            tuple(stored[name]["names"]), *(np.array(stored[name][part]) for part in list(stored[name])[1:])
        )
        for name in Experts.__annotations__
    )
    return Experts(*experts), Pulse(**stored["pulse"])


def choose(evidence: Evidence, seconds: float, loop: float = 0) -> Chosen:
    """The candidates in order, of a sound that is known to be a loop with a probability.

    The probability of one counts that of its neighbours within SAME.
    """
    short = max(shortness(seconds), loop)
    return ordered(evidence, fitted()[0].probability(evidence, short))


def ordered(evidence: Evidence, alone: Numbers) -> Chosen:
    """The candidates in order, given the probability of each alone."""
    tempi = evidence.tempi
    same = np.abs(tempi[None] / tempi[:, None] - 1) <= SAME
    together = np.minimum((same * alone).sum(axis=1), 1)
    order: list[int] = []
    for one in np.argsort(-together, kind="stable"):
        best = int(np.where(same[one], alone, -1).argmax())
        if not same[best, order].any():
            order.append(best)
    return Chosen(tuple(order), together)


def standardised(values: Numbers, mean: Numbers, scale: Numbers) -> Numbers:
    """In units of the standard deviation, at most 3."""
    units: Numbers = np.clip((values - mean) / scale, -3, 3)
    return units


def normalised(logits: Numbers) -> Numbers:
    """The same, less a constant, so that the exponentials sum to 1."""
    shifted = logits - logits.max()
    logs: Numbers = shifted - np.log(np.exp(shifted).sum())
    return logs
