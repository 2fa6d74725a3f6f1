"""How probable each tempo is to a listener who follows a pointer through the beat and never looks back."""

import numpy as np

from samplemind_sdk import Samples

from .bands import FPS
from .grid import Numbers

POOL = 2  # frames in a step
RATE = FPS / POOL  # steps a second
LENGTHS = np.arange(int(60 * RATE / 260), int(np.ceil(60 * RATE / 40)) + 1)  # of a beat, in steps
TEMPI = 60 * RATE / LENGTHS  # BPM
WINDOW = int(14 * RATE)  # steps
MOST = 32  # windows, evenly spread over a long sound
CHANGE = 100.0  # how unwillingly the beat's length changes
SHARE = 16  # an onset is expected in this part of the beat


def probability(row: Samples) -> Numbers:
    """The probability of each of TEMPI, given an onset function: the mean over windows of 14 s.

    A forward filter over beat length and position in the beat, as in Krebs, Böck and Widmer,
    "An Efficient State-Space Model for Joint Tempo and Meter Tracking", ISMIR 2015.
    """
    strength = _strengths(row)
    places = np.arange(LENGTHS[-1])[None]
    inside = places < LENGTHS[:, None]
    on_beat = places < np.maximum(1, LENGTHS[:, None] / SHARE)
    change = np.exp(-CHANGE * np.abs(LENGTHS[None] / LENGTHS[:, None] - 1)).astype(np.float32)
    change /= change.sum(axis=1, keepdims=True)
    state = np.repeat((inside / inside.sum()).astype(np.float32)[None], len(strength), axis=0)
    total, each = np.zeros((len(strength), len(LENGTHS))), np.arange(len(LENGTHS))
    settled = min(int(4 * RATE), strength.shape[1] // 2)
    for step, heard in enumerate(strength.T[..., None, None]):
        ended = state[:, each, LENGTHS - 1]
        state[:, :, 1:] = state[:, :, :-1]
        state[:, :, 0] = ended @ change
        state *= np.where(on_beat, heard, (1 - heard) / (SHARE - 1)) * inside
        state /= state.sum(axis=(1, 2), keepdims=True)
        if step >= settled:
            total += state.sum(axis=2)
    found: Numbers = (total / total.sum(axis=1, keepdims=True)).mean(axis=0)
    return found


def _strengths(row: Samples) -> Numbers:
    """The row's windows side by side, as the probability of an onset: shape (windows, steps)."""
    steps = row[: len(row) // POOL * POOL].reshape(-1, POOL).max(axis=1)
    loud = np.sort(steps)[int(0.97 * len(steps))]
    strength = (np.clip(steps / (loud + 1e-9), 0, 1) * 0.95 + 0.02).astype(np.float32)
    if len(strength) <= WINDOW:
        return strength[None]
    starts = np.arange(0, len(strength) - WINDOW // 2, WINDOW)
    starts = starts[np.linspace(0, len(starts) - 1, min(MOST, len(starts))).astype(int)]
    parts = [strength[start : start + WINDOW] for start in starts]
    filled: Numbers = np.stack(
        [np.pad(part, (0, WINDOW - len(part)), constant_values=0.02) for part in parts]
    )
    return filled
