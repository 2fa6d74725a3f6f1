"""How sure a fit may be, told from what it said of sounds that were left out of it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Numbers = NDArray[np.float64]
Chosen = NDArray[np.bool_]
BINS = 10  # of equal width


def softmax(logits: Numbers) -> Numbers:
    """Probabilities in the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def sharpness(logits: Numbers, right: NDArray[Any], weights: Numbers | None = None) -> float:
    """What the logits must be multiplied by for the least cross-entropy; `right` are indices of classes."""
    weights = np.ones(len(right)) if weights is None else weights

    def loss(log_factor: float) -> float:
        chosen = softmax(np.exp(log_factor) * logits)[np.arange(len(right)), right]
        return float(-(weights * np.log(chosen + 1e-9)).sum())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 2), method="bounded").x))


def calibrate(
    named: str, logits: Numbers, right: NDArray[Any], half: Chosen, weights: Numbers | None = None
) -> float:
    """The sharpness for all; prints what confidences are worth, as `crossed` has them.

    `named` is the descriptor and what was left out, with a comma between them, as docs/accuracy/left_out.csv has it.
    """
    sure = crossed(logits, right, half, weights)
    say(named, sure.max(axis=1), sure.argmax(axis=1) == right)
    return sharpness(logits, right, weights)


def crossed(logits: Numbers, right: NDArray[Any], half: Chosen, weights: Numbers | None = None) -> Numbers:
    """Probabilities, where each half is as sharp as the other needs."""
    weights = np.ones(len(right)) if weights is None else weights
    sure = np.zeros_like(logits)
    for one in (half, ~half):
        sure[~one] = softmax(sharpness(logits[one], right[one], weights[one]) * logits[~one])
    return sure


def say(named: str, sure: Numbers, right: Chosen) -> None:
    """Print the calibration error, and the rows of docs/accuracy/left_out.csv."""
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    rows = [
        (sure[place == one].mean(), right[place == one].mean(), sum(place == one)) for one in np.unique(place)
    ]
    print(f"calibration error {sum(abs(said - true) * count for said, true, count in rows) / len(sure):.3f}")
    for said, true, count in rows:
        print(f"{named},{said:.3f},{true:.3f},{count}".replace(",0.", ",."))
