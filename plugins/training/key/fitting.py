"""The fits: a softmax over tonics and modes, whose weights are the same for all tonics; and a yes or no."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from samplemind_plugins.key.chroma import Votes
from samplemind_plugins.key.model import rotations
from samplemind_plugins.key.peaks import Numbers

PENALTY = 2e-3  # on the squares of the weights: on pieces left out, less gains hardly anything
CHANCE_PENALTY = 1e-3
STEPS = 300
DIGITS = 5  # that are kept of each number


@dataclass(frozen=True)
class Examples:
    """Sounds whose key is known: what was heard of each, its tonic, and its mode."""

    chroma: Votes  # shape (sounds, channels, 12), sums to 1 over the last
    tonic: np.ndarray  # 0 is C
    mode: np.ndarray  # 0 major, 1 minor, -1 where only the tonic is known
    weight: Numbers  # how much each counts


def fit(examples: Examples) -> dict[str, Numbers]:
    """The numbers of a layer: least cross-entropy with a penalty, by L-BFGS."""
    seen = rotations(examples.chroma)  # (sounds, tonics, inputs)
    mean, scale = seen.mean(axis=(0, 1)), seen.std(axis=(0, 1)) + 1e-6
    count, _, inputs = seen.shape
    flat = ((seen - mean) / scale).reshape(-1, inputs)
    weight = examples.weight[:, None, None] / examples.weight.sum()

    def loss(numbers: Numbers) -> tuple[float, Numbers]:
        logits = (flat @ numbers[:-1].reshape(inputs, 2)).reshape(count, 12, 2)
        logits[..., 1] += numbers[-1]
        logits -= logits.max(axis=(1, 2), keepdims=True)
        logs = logits - np.log(np.exp(logits).sum(axis=(1, 2), keepdims=True))
        target = _target(examples, np.exp(logs))
        slope = (weight * (np.exp(logs) - target)).reshape(-1, 2)
        penalty = PENALTY * (numbers[:-1] ** 2).sum()
        gradient = np.append((flat.T @ slope).ravel() + 2 * PENALTY * numbers[:-1], slope[:, 1].sum())
        return float(penalty - (weight * target * logs).sum()), gradient

    best = minimize(loss, np.zeros(2 * inputs + 1), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return {
        "mean": mean,
        "scale": scale,
        "weight": best[:-1].reshape(inputs, 2),
        "bias": np.array([0, best[-1]]),
    }


def _target(examples: Examples, probability: Numbers) -> Numbers:
    """1 for the true key; where the mode is unknown, shared as the present probabilities have it."""
    target, every = np.zeros_like(probability), np.arange(len(probability))
    known = examples.mode >= 0
    target[every[known], examples.tonic[known], examples.mode[known]] = 1
    shared = probability[every[~known], examples.tonic[~known]]
    target[every[~known], examples.tonic[~known]] = shared / shared.sum(axis=1, keepdims=True)
    return target


def fit_chance(evidence: Numbers, yes: np.ndarray) -> dict[str, Numbers]:
    """The numbers of a layer that tells the probability of a yes; shapes (sounds, inputs) and (sounds,)."""
    return fit_choice(evidence, yes.astype(float), 1.0 - yes, np.ones(len(yes)))


def fit_choice(evidence: Numbers, first: Numbers, second: Numbers, counts: Numbers) -> dict[str, Numbers]:
    """The numbers of a layer that tells how likely the first of two answers is to be chosen, by L-BFGS.

    `first` and `second` are what each answer gives to the truth; their mean, weighted by the choice, shall be great.
    """
    mean, scale = evidence.mean(axis=0), evidence.std(axis=0) + 1e-6
    seen, counts = (evidence - mean) / scale, counts / counts.sum()

    def loss(numbers: Numbers) -> tuple[float, Numbers]:
        chance = 1 / (1 + np.exp(-np.clip(seen @ numbers[:-1] + numbers[-1], -30, 30)))
        truth = chance * first + (1 - chance) * second + 1e-12
        slope = counts * (second - first) / truth * chance * (1 - chance)
        value = CHANCE_PENALTY * (numbers[:-1] ** 2).sum() - (counts * np.log(truth)).sum()
        return float(value), np.append(seen.T @ slope + 2 * CHANCE_PENALTY * numbers[:-1], slope.sum())

    best = minimize(loss, np.zeros(evidence.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return {"mean": mean, "scale": scale, "weight": best[:-1, None], "bias": best[-1:]}


def write(path: Path, fitted: dict[str, Numbers]) -> None:
    """The numbers, rounded, as the plugin reads them."""
    rounded = {name: np.round(numbers, DIGITS).tolist() for name, numbers in fitted.items()}
    path.write_text(json.dumps(rounded))
