"""Small convolutional networks: from a picture of a sound to how probable each class is, with numpy alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .network import Numbers


@dataclass(frozen=True)
class Convolution:
    """Networks of two layers of 3 x 3 filters, which were fitted from different beginnings and say one thing together.

    Every array has the networks in its first axis.
    """

    classes: tuple[str, ...]
    mean: float  # of the pictures
    scale: float
    first: tuple[Numbers, Numbers]  # filters, shape (networks, outputs, inputs, 3, 3), and biases
    second: tuple[Numbers, Numbers]
    last: tuple[Numbers, Numbers]  # weights, shape (networks, inputs, classes), and biases
    sharpness: float  # fitted on sounds that took no part

    def logits(self, pictures: Sequence[Numbers]) -> Numbers:
        """Log probabilities, but for a constant, given pictures of several versions of one sound, shape (classes,)."""
        seen = (np.stack(pictures) - self.mean) / self.scale
        height = np.broadcast_to(
            np.linspace(-1, 1, seen.shape[-1]), seen.shape
        )  # where in the spectrum it is
        inputs = np.stack([seen, height], axis=1)
        said = []
        for number in range(len(self.last[1])):
            inner = inputs
            for filters, biases in (self.first, self.second):
                inner = _halved(_filtered(inner, filters[number], biases[number]))
            weights, biases = (one[number] for one in self.last)
            outputs = inner.reshape(len(inner), -1) @ weights + biases
            said.append(outputs - np.logaddexp.reduce(outputs, axis=-1, keepdims=True))
        return np.asarray(self.sharpness * np.mean(said, axis=(0, 1)))


def _filtered(inputs: Numbers, filters: Numbers, biases: Numbers) -> Numbers:
    """Shape (pictures, inputs, rows, columns) to (pictures, outputs, rows, columns), with zeros around."""
    padded = np.pad(inputs, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = sliding_window_view(padded, (3, 3), axis=(2, 3))
    summed = np.tensordot(windows, filters, axes=((1, 4, 5), (1, 2, 3))) + biases
    return np.asarray(np.maximum(summed, 0).transpose(0, 3, 1, 2))


def _halved(inputs: Numbers) -> Numbers:
    """The greatest of each two by two."""
    pictures, channels, rows, columns = inputs.shape
    return np.asarray(inputs.reshape(pictures, channels, rows // 2, 2, columns // 2, 2).max(axis=(3, 5)))


def load(package: str, name: str) -> Convolution:
    """The networks in an NPZ file of a package, as plugins/training/kind/picture_fitting.py writes it."""
    with as_file(files(package).joinpath(name)) as path, np.load(path, allow_pickle=False) as fitted:
        first, second, last = (
            (fitted[layer].astype(float), fitted[f"{layer}_bias"].astype(float))
            for layer in ("first", "second", "last")
        )
        return Convolution(
            classes=tuple(map(str, fitted["classes"])),
            mean=float(fitted["mean"]),
            scale=float(fitted["scale"]),
            first=first,
            second=second,
            last=last,
            sharpness=float(fitted["sharpness"]),
        )
