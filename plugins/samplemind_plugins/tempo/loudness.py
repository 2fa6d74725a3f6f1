"""How loud a sound is from frame to frame, in the bass and as a whole: beats differ from what is between them in it."""

import numpy as np

from samplemind_sdk import Samples

from .bands import FPS, Levels, centres
from .beats import EARLY
from .grid import Numbers

BASS = 150.0  # Hz


def loudness(pieces: tuple[Levels, ...]) -> Samples:
    """The square root of the magnitude below BASS, and of all bands, shape (2, frames)."""
    rows = np.zeros((2, sum(map(len, pieces))), np.float32)
    start, bass = 0, centres() < BASS
    for piece in pieces:
        magnitudes = np.exp(piece.astype(np.float32) * np.float32(np.log(10) / 2_000))
        end = start + len(piece)
        rows[0, start:end] = np.sqrt(magnitudes[:, bass].sum(axis=1))
        rows[1, start:end] = np.sqrt(magnitudes.sum(axis=1))
        start = end
    return rows


def frames_at(beats: Numbers) -> Numbers:
    """Where onsets at some seconds peak, in frames and parts of one."""
    frames: Numbers = (beats - EARLY) * FPS
    return frames


def after(rows: Samples, frames: Numbers, width: float) -> Numbers:
    """The mean of each row over `width` frames after each of the given ones, shape (rows, frames)."""
    places = np.round(frames[:, None] + np.linspace(0, width, 6)).astype(int)
    found: Numbers = rows[:, np.clip(places, 0, rows.shape[1] - 1)].mean(axis=2)
    return found


def relative(levels: Numbers) -> Numbers:
    """Levels as logarithms against the mean of each row, shape (places, rows) from (rows, places)."""
    logs: Numbers = np.log(levels / (levels.mean(axis=1, keepdims=True) + 1e-9) + 0.05).T
    centred: Numbers = logs - logs.mean(axis=0)
    return centred
