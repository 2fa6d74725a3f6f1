"""Small fitted networks: from a row of evidence to the probability of each class, with numpy alone."""

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Layer = tuple[Numbers, Numbers]  # weights, shape (inputs, outputs), and biases

FARTHEST = 4.0  # standard deviations: what is odder than all that was learnt from is heard as this odd


@dataclass(frozen=True)
class Network:
    """Several networks of the same shape that were fitted from different beginnings, and say one thing together."""

    classes: tuple[str, ...]
    evidence: tuple[str, ...]  # the names of the inputs
    mean: Numbers  # of each input
    scale: Numbers  # their standard deviation
    members: tuple[tuple[Layer, ...], ...]
    sharpness: float  # fitted on sounds that the networks had not heard, so that the outcome is a probability

    def probabilities(self, evidence: dict[str, float]) -> Numbers:
        """The probability of each class, shape (classes,); KeyError if evidence is missing."""
        row = np.array([evidence[name] for name in self.evidence])
        inputs = np.clip((row - self.mean) / self.scale, -FARTHEST, FARTHEST)
        logits = np.mean([_passed(inputs, layers) for layers in self.members], axis=0)
        return softmax(self.sharpness * logits)


def softmax(logits: Numbers) -> Numbers:
    """Probabilities in the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Numbers = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def load(package: str, name: str) -> Network:
    """The network in a JSON file of a package, as plugins/training/kind/fitting.py writes it."""
    fitted = json.loads(files(package).joinpath(name).read_text())
    return Network(
        classes=tuple(fitted["classes"]),
        evidence=tuple(fitted["evidence"]),
        mean=np.array(fitted["mean"]),
        scale=np.array(fitted["scale"]),
        members=tuple(tuple(map(_layer, member)) for member in fitted["members"]),
        sharpness=float(fitted["sharpness"]),
    )


def _layer(fitted: list[Any]) -> Layer:
    return np.array(fitted[0]), np.array(fitted[1])


def _passed(inputs: Numbers, layers: tuple[Layer, ...]) -> Numbers:
    """Log probabilities, less no constant: so those of several networks can be averaged."""
    for weights, biases in layers[:-1]:
        inputs = np.tanh(inputs @ weights + biases)
    weights, biases = layers[-1]
    logits = inputs @ weights + biases
    return np.asarray(logits - np.logaddexp.reduce(logits))
