"""From measurements of half a minute to the probability of each genre: two fitted opinions, mixed."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np

from .summary import Numbers

FARTHEST = 4.0  # standard deviations: what is odder than all that was learnt from is heard as this odd
LEAST = 1e-6  # probability, so that neither opinion has a veto


@dataclass(frozen=True)
class Model:
    """The fitted numbers; plugins/training/style/fit.py writes them to weights.npz."""

    mean: Numbers  # of each input: summary.NAMES, the logarithm of the tempo, and 1 for minor, -1 for major
    scale: Numbers  # their standard deviation
    centres: Numbers  # where the kernels sit: drawn from fitted distributions, shape (kernels, inputs)
    width: Numbers  # what squared distances from them are multiplied by
    heights: Numbers  # shape (kernels, genres)
    bias: Numbers  # shape (genres,)
    steepness: Numbers  # of the softmax of the kernels' sum
    inside: Numbers  # the networks' first layers, shape (networks, inputs, hidden); most are 0 for LEVEL
    inside_bias: Numbers  # shape (networks, 1, hidden)
    outside: Numbers  # shape (networks, hidden, genres)
    outside_bias: Numbers  # shape (networks, 1, genres)
    sharpness: Numbers  # fitted on tracks that were not learnt from, so that the outcome is a probability

    def log_kernels(self, inputs: Numbers) -> Numbers:
        """The kernels' opinion of standardised rows, shape (rows, genres)."""
        squares = (inputs**2).sum(axis=1)[:, None] + (self.centres**2).sum(axis=1)
        near = np.exp(-self.width * np.maximum(squares - 2 * inputs @ self.centres.T, 0))
        return log_softmax((near @ self.heights + self.bias) * self.steepness)

    def log_networks(self, inputs: Numbers) -> Numbers:
        """The networks' opinion of standardised rows, shape (rows, genres)."""
        hidden = np.maximum(inputs @ self.inside + self.inside_bias, 0)
        return log_softmax((hidden @ self.outside + self.outside_bias).mean(axis=0))

    def standardised(self, rows: Numbers) -> Numbers:
        """In units of the standard deviation, at most FARTHEST."""
        units: Numbers = np.clip((rows - self.mean) / self.scale, -FARTHEST, FARTHEST)
        return units

    def log_mixture(self, rows: Numbers) -> Numbers:
        """What both say of rows of measurements, before it is sharpened."""
        inputs = self.standardised(rows)
        floor = np.log(LEAST)
        return (
            np.maximum(self.log_kernels(inputs), floor) + np.maximum(self.log_networks(inputs), floor)
        ) / 2

    def probabilities(self, rows: Numbers) -> Numbers:
        """The probability of each genre for each row of measurements, shape (rows, genres)."""
        found: Numbers = np.exp(log_softmax(self.sharpness * self.log_mixture(rows)))
        return found


def log_softmax(logits: Numbers) -> Numbers:
    """The same, less a constant in each row, so that the exponentials sum to 1."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    logs: Numbers = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


@cache
def fitted() -> Model:
    """The model that is shipped."""
    with as_file(files(__package__).joinpath("weights.npz")) as path, np.load(path) as stored:
        return Model(**{name: stored[name].astype(float) for name in stored.files})
