"""What the onsets look like when folded over four beats of a candidate tempo."""

import numpy as np
import scipy.fft

from .bands import FPS
from .envelopes import ALL, HIGH, LOW
from .grid import Columns, Numbers

PARTS, BEATS = 24, 4  # parts of a beat, beats
FOLDS = 3  # stretches that are folded


def folded_evidence(rows: Numbers, tempi: Numbers) -> Columns:
    """How the onsets are spread within the beat, and from beat to beat."""
    every = [_one(fold(rows[: HIGH + 1], tempo)) for tempo in tempi]
    return {name: np.array([one[name] for one in every]) for name in every[0]} if every else {}


def _one(folded: Numbers) -> dict[str, float]:
    beat = folded[ALL].mean(axis=0)
    on = folded[:, :, [-1, 0, 1]].max(axis=2)
    late = (
        folded[ALL, :, 2 * PARTS // 3] - folded[ALL, :, PARTS // 3]
    )  # in turn, if two beats are one in thirds
    values = {
        "on beat": beat[0],
        "on half": beat[PARTS // 2],
        "on thirds": (beat[PARTS // 3] + beat[2 * PARTS // 3]) / 2,
        "on quarters": (beat[PARTS // 4] + beat[3 * PARTS // 4]) / 2,
        "thirds of two": np.abs(late[0] - late[1] + late[2] - late[3]) / BEATS,
    }
    for name, row in (("all", ALL), ("low", LOW), ("high", HIGH)):
        values[f"clear {name}"] = folded[row].mean(axis=0).std()
        swing = np.abs(on[row, 0] + on[row, 2] - on[row, 1] - on[row, 3])
        values[f"alternate {name}"] = swing / (on[row].sum() + 1e-6)
    low, high = on[LOW] - on[LOW].mean(), on[HIGH] - on[HIGH].mean()  # bass and snare drum in turn: negative
    values["low with high"] = (low * high).sum() / (np.sqrt((low**2).sum() * (high**2).sum()) + 1e-6)
    return {name: float(value) for name, value in values.items()}


def fold(rows: Numbers, tempo: float) -> Numbers:
    """The rows over four beats from the strongest place on, of mean 1: shape (rows, BEATS, PARTS).

    Up to three stretches of 8 s, or two bars, are folded and aligned by correlation.
    """
    cells, bar = PARTS * BEATS, 60 * FPS / tempo * BEATS
    width = int(max(8 * FPS, 2 * bar))
    total = np.zeros((len(rows), cells))
    for start in range(0, max(1, rows.shape[1] - width // 2), width)[:FOLDS]:
        part = rows[:, start : start + width]
        cell = (np.arange(part.shape[1]) % bar / bar * cells).astype(int) % cells
        counts = np.bincount(cell, minlength=cells) + 1e-6
        folded = np.stack([np.bincount(cell, row, cells) for row in part]) / counts
        match = scipy.fft.irfft(scipy.fft.rfft(total[ALL]) * np.conj(scipy.fft.rfft(folded[ALL])), cells)
        total += np.roll(folded, int(match.argmax()), axis=1)
    smooth = total + 0.5 * np.roll(total, 1, axis=1) + 0.5 * np.roll(total, -1, axis=1)
    smooth /= smooth.mean(axis=1, keepdims=True) + 1e-9
    strongest = int(smooth[ALL].reshape(BEATS, PARTS).mean(axis=0).argmax())
    turned: Numbers = np.roll(smooth, -strongest, axis=1)
    return turned.reshape(len(rows), BEATS, PARTS)
