"""What repeats from beat to beat: onsets within the beat, and the colour of the sound."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from samplemind_sdk import Samples

from .bands import FPS, Levels
from .envelopes import strokes
from .grid import Numbers
from .loudness import frames_at

LONGEST = 180  # seconds; the metre is read off them
PARTS = 12  # of a beat
DEEP = 6_000  # hundredths of a dB under the loudest; what is quieter is as loud as that
LAGS = 17  # beats


def beginning(pieces: tuple[Levels, ...]) -> tuple[Levels, ...]:
    """The pieces, cut off after LONGEST."""
    left, kept = int(LONGEST * FPS), []
    for piece in pieces:
        kept.append(piece[:left])
        left -= len(kept[-1])
    return tuple(kept)


def accents(pieces: tuple[Levels, ...], beats: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """For each beat but the last: onsets of all bands, of the low ones, and the mean level of each band.

    Shapes (beats - 1, PARTS) twice, and (beats - 1, BANDS).
    """
    rows = strokes(pieces)
    frames, count = frames_at(beats), len(beats) - 1
    places = np.interp(np.arange(count * PARTS) / PARTS, np.arange(count + 1), frames)
    whole, low = (_read(row, places).reshape(count, PARTS) for row in rows)
    return whole, low, _colours(pieces, frames)


def _read(row: Samples, places: Numbers) -> Numbers:
    smooth = gaussian_filter1d(row, 1.5)
    read: Numbers = np.sqrt(np.interp(places, np.arange(len(row)), smooth))
    return read


def _colours(pieces: tuple[Levels, ...], frames: Numbers) -> Numbers:
    levels = np.concatenate(pieces).astype(np.float64)
    levels = np.maximum(levels, levels.max() - DEEP)
    sums = np.concatenate([np.zeros((1, levels.shape[1])), np.cumsum(levels, axis=0)])
    ends = np.clip(np.round(frames).astype(int), 0, len(levels))
    means: Numbers = np.diff(sums[ends], axis=0) / np.maximum(1, np.diff(ends))[:, None]
    return means


def alike(vectors: Numbers) -> Numbers:
    """How alike beats are that are 0 to 16 beats apart: 1 if the same, 0 by chance and where there are too few."""
    swing, count = vectors - vectors.mean(axis=0), len(vectors)
    power = (swing**2).mean(axis=0).sum() + 1e-12
    similar = np.zeros(LAGS)
    for lag in range(min(LAGS, count - 3)):
        similar[lag] = (swing[lag:] * swing[: count - lag]).sum() / (count - lag) / power
    return similar
