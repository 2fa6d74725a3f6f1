"""A fitted classifier that weighs how like a sound is to what was learnt, by random Fourier features.

Rahimi and Recht, Random Features for Large-Scale Kernel Machines, 2007: cosines of random projections stand for a
Gaussian kernel. Only their weights are fitted and shipped, so nothing of a single sound learnt from is in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np

from .network import FARTHEST, Numbers


@dataclass(frozen=True)
class Kernel:
    """The fitted numbers."""

    classes: tuple[str, ...]
    evidence: tuple[str, ...]  # the names of the inputs
    mean: Numbers
    scale: Numbers
    width: float  # the deviation of the projections
    weights: Numbers  # shape (features, classes)
    bias: Numbers  # shape (classes,)
    sharpness: float  # fitted on sounds that took no part, so that the outcome is a probability

    def logits(self, heard: Sequence[Mapping[str, float]]) -> Numbers:
        """Log probabilities, but for a constant, given the evidence of versions of one sound, shape (classes,).

        KeyError if evidence is missing.
        """
        rows = np.array([[evidence[name] for name in self.evidence] for evidence in heard])
        inputs = np.clip((rows - self.mean) / self.scale, -FARTHEST, FARTHEST)
        likeness = waves(inputs, len(self.weights), self.width) @ self.weights + self.bias
        return np.asarray(self.sharpness * likeness.mean(axis=0))


def waves(inputs: Numbers, count: int, width: float) -> Numbers:
    """The random features of rows of standardised evidence: (..., inputs) to (..., count)."""
    directions, phases = _projections(inputs.shape[-1], count)
    return np.asarray(np.sqrt(2 / count) * np.cos(width * (inputs @ directions) + phases))


@cache
def _projections(dimensions: int, count: int) -> tuple[Numbers, Numbers]:
    """Normal directions, shape (dimensions, count), and even phases, shape (count,)."""
    even = _uniform(2 * count * dimensions + count)
    size = count * dimensions
    normal = np.sqrt(-2 * np.log(1 - even[:size])) * np.cos(
        2 * np.pi * even[size : 2 * size]
    )  # Box and Muller
    return normal.reshape(dimensions, count), 2 * np.pi * even[2 * size :]


def _uniform(count: int) -> Numbers:
    """Numbers from 0 to 1 that are the same for ever: numpy promises that of its bit generators alone."""
    raw = np.asarray(np.random.PCG64(0).random_raw(count))
    return np.asarray((raw >> np.uint64(11)) * 2.0**-53)


def load(package: str, name: str) -> Kernel:
    """The classifier in an NPZ file of a package, as plugins/training/kind/kernel_fitting.py writes it."""
    with as_file(files(package).joinpath(name)) as path, np.load(path, allow_pickle=False) as fitted:
        return Kernel(
            classes=tuple(map(str, fitted["classes"])),
            evidence=tuple(map(str, fitted["evidence"])),
            mean=fitted["mean"].astype(float),
            scale=fitted["scale"].astype(float),
            width=float(fitted["width"]),
            weights=fitted["weights"].astype(float),
            bias=fitted["bias"].astype(float),
            sharpness=float(fitted["sharpness"]),
        )
