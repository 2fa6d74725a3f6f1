"""Fitted layers: from how often each pitch class sounds to the probability of each key, and from evidence to a yes."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from .chroma import Votes
from .names import KEYS
from .peaks import Numbers


@dataclass(frozen=True)
class Layer:
    """The fitted numbers of one layer; plugins/training/key makes them."""

    mean: Numbers  # of each input, shape (inputs,)
    scale: Numbers  # their standard deviation
    weight: Numbers  # shape (inputs, answers)
    bias: Numbers  # shape (answers,)


@cache
def layer(name: str) -> Layer:
    """A layer that is shipped: "song", "chord", "single chord" or "note"."""
    fitted = json.loads(files(__package__).joinpath(f"{name.replace(' ', '_')}.json").read_text())
    return Layer(*(np.array(fitted[name]) for name in ("mean", "scale", "weight", "bias")))


def rotations(chroma: Votes) -> Numbers:
    """The chroma as each of the 12 candidate tonics sees it: (..., channels, 12) to (..., 12, channels * 12)."""
    root = np.sqrt(chroma * 12)
    seen = np.stack([np.roll(root, -tonic, axis=-1) for tonic in range(12)], axis=-3)
    return seen.reshape(*seen.shape[:-2], -1)


def log_posterior(chroma: Votes, fitted: Layer) -> Numbers:
    """The log probability of each of KEYS, all tonics by one layer: (..., channels, 12) to (..., 24)."""
    modes = ((rotations(chroma) - fitted.mean) / fitted.scale) @ fitted.weight + fitted.bias
    logits = np.swapaxes(modes, -1, -2).reshape(*modes.shape[:-2], len(KEYS))
    return np.log(np.exp(normalised(logits)) + 1e-6)


def normalised(logits: Numbers) -> Numbers:
    """The same, less a constant, so that the exponentials sum to 1."""
    top = logits.max(axis=-1, keepdims=True)
    logs: Numbers = logits - top - np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))
    return logs


def chance(evidence: Numbers, fitted: Layer) -> float:
    """The probability of a yes, given the evidence, shape (inputs,)."""
    logit = float(((evidence - fitted.mean) / fitted.scale) @ fitted.weight[:, 0] + fitted.bias[0])
    return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))
