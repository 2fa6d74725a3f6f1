"""Fits the small networks that the plugins run, and writes them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier

Numbers = NDArray[np.float64]
FARTHEST = 4.0  # standard deviations, as in samplemind_plugins/network.py
DIGITS = 4


class Fit:
    """Networks of tanh units that were fitted to rows of evidence; `weights` says how much each row counts."""

    def __init__(
        self,
        rows: Numbers,
        labels: NDArray[Any],
        weights: Numbers,
        hidden: tuple[int, ...],
        decay: float,
        members: int,
    ) -> None:
        self.classes = sorted(set(labels))
        self.mean = np.average(rows, axis=0, weights=weights)
        self.scale = np.sqrt(np.average((rows - self.mean) ** 2, axis=0, weights=weights)) + 1e-6
        inputs = self._inputs(rows)
        self.networks = []
        for seed in range(members):
            chosen = np.random.default_rng(seed).choice(len(rows), 2 * len(rows), p=weights / weights.sum())
            network = MLPClassifier(hidden, activation="tanh", alpha=decay, solver="adam", batch_size=128,
                                    learning_rate_init=2e-3, max_iter=25, random_state=seed)  # fmt: skip
            with np.errstate(all="ignore"):
                self.networks.append(network.fit(inputs[chosen], labels[chosen]))

    def _inputs(self, rows: Numbers) -> Numbers:
        return np.clip((rows - self.mean) / self.scale, -FARTHEST, FARTHEST)

    def logits(self, rows: Numbers) -> Numbers:
        """The mean of the networks' log probabilities, shape (rows, classes)."""
        inputs = self._inputs(rows)
        return np.mean([np.log(one.predict_proba(inputs) + 1e-12) for one in self.networks], axis=0)

    def write(self, path: Path, evidence: Sequence[str], sharpness: float, **about: Any) -> None:
        """The fitted numbers as samplemind_plugins.network reads them."""
        members = [
            [[w.round(DIGITS).tolist(), b.round(DIGITS).tolist()] for w, b in _layers(one)]
            for one in self.networks
        ]
        fitted = {
            **about,
            "classes": [str(one) for one in self.classes],
            "evidence": list(evidence),
            "mean": self.mean.round(5).tolist(),
            "scale": self.scale.round(5).tolist(),
            "sharpness": round(sharpness, 3),
            "members": members,
        }
        path.write_text(json.dumps(fitted, separators=(",", ":")) + "\n")


def _layers(network: MLPClassifier) -> list[tuple[Numbers, Numbers]]:
    """Weights and biases; the one output for two classes becomes two, of which the softmax says the same."""
    layers = list(zip(network.coefs_, network.intercepts_, strict=True))
    weights, biases = layers[-1]
    if len(biases) == 1:
        layers[-1] = np.hstack([-weights / 2, weights / 2]), np.concatenate([-biases / 2, biases / 2])
    return layers
