"""Fits the kernel classifier of samplemind_plugins/kernel.py: a weighted ridge regression onto the classes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samplemind_plugins.kernel import waves
from samplemind_plugins.network import FARTHEST

Numbers = NDArray[np.float64]


class KernelFit:
    """`width` is that of the projections for inputs with a deviation of 1, `ridge` the penalty."""

    def __init__(
        self, rows: Numbers, labels: NDArray[Any], weights: Numbers, count: int, breadth: float, ridge: float
    ) -> None:
        self.classes = sorted(set(labels))
        self.mean = np.average(rows, axis=0, weights=weights)
        self.scale = rows.std(axis=0) + 1e-9
        self.count, self.width = count, float(np.sqrt(2 * breadth / rows.shape[1]))
        target = (labels[:, None] == np.array(self.classes)).astype(float)
        self.bias = np.average(target, axis=0, weights=weights)
        heard = self._waves(rows).astype(np.float32)
        counted = (heard * weights[:, None].astype(np.float32)).T
        self.weights = np.linalg.solve(
            counted @ heard + ridge * np.eye(count), counted @ (target - self.bias)
        )

    def _waves(self, rows: Numbers) -> Numbers:
        return waves(np.clip((rows - self.mean) / self.scale, -FARTHEST, FARTHEST), self.count, self.width)

    def logits(self, rows: Numbers) -> Numbers:
        """About 1 for the right class and 0 for all others, shape (rows, classes)."""
        return np.asarray(self._waves(rows) @ self.weights + self.bias)

    def write(self, path: Path, evidence: Sequence[str], sharpness: float) -> None:
        """The fitted numbers as samplemind_plugins.kernel reads them."""
        small = {
            name: getattr(self, name).astype(np.float32) for name in ("mean", "scale", "weights", "bias")
        }
        np.savez_compressed(
            path, classes=np.array([str(one) for one in self.classes]), evidence=np.array(list(evidence)),
            width=np.float64(self.width), sharpness=np.float64(sharpness), **small,
        )  # fmt: skip
