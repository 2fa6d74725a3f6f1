"""From the evidence to the probability of each candidate: two fitted layers, which ask different things."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from .evidence import SHORT, Evidence
from .grid import Numbers


@dataclass(frozen=True)
class Layer:
    """Weights of some evidence, standardised over all candidates of the sounds it was fitted on."""

    names: tuple[str, ...]
    mean: Numbers
    scale: Numbers
    weight: Numbers  # of each name, and then of each one's square if there are twice as many

    def log_probability(self, evidence: Evidence) -> Numbers:
        """The logarithm of the probability of each candidate, shape (candidates,)."""
        columns = [evidence.names.index(name) for name in self.names]
        inputs = standardised(evidence.values[:, columns], self.mean, self.scale)
        if len(self.weight) > len(self.names):
            inputs = np.concatenate([inputs, inputs**2], axis=1)
        return normalised(inputs @ self.weight)


@cache
def fitted() -> dict[str, Layer]:
    """The layers that are shipped: plugins/training/tempo/fit.py writes them to weights.json."""
    layers = json.loads(files(__package__).joinpath("weights.json").read_text())["choice"]
    return {
        name: Layer(tuple(one["names"]), *(np.array(one[part]) for part in ("mean", "scale", "weight")))
        for name, one in layers.items()
    }


def standardised(values: Numbers, mean: Numbers, scale: Numbers) -> Numbers:
    """In units of the standard deviation, at most 4."""
    return np.clip((values - mean) / scale, -4, 4)


def normalised(logits: Numbers) -> Numbers:
    """The same, less a constant, so that the exponentials sum to 1."""
    shifted = logits - logits.max()
    logs: Numbers = shifted - np.log(np.exp(shifted).sum())
    return logs


def probabilities(evidence: Evidence, seconds: float) -> Numbers:
    """The probability of each candidate, shape (candidates,)."""
    few, many = (fitted()[name].log_probability(evidence) for name in ("few", "many"))
    return mixed(few, many, seconds)


def mixed(few: Numbers, many: Numbers, seconds: float) -> Numbers:
    """A product of two experts: the one with many weights has half the say in loops, and little in long sounds."""
    share = LONG + (0.5 - LONG) / (1 + np.exp(seconds - SHORT))
    return np.exp(normalised((1 - share) * few + share * np.maximum(many, -13.8)))


LONG = 0.0  # the say of the layer with many weights in long sounds
