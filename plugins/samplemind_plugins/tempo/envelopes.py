"""Onset functions: how much begins at each frame of a sound, heard in nine ways."""

from collections.abc import Iterator

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import convolve1d, uniform_filter1d
from scipy.signal import find_peaks

from samplemind_sdk import Samples

from .bands import BANDS, FLOOR, FPS, Levels, centres
from .memory import Heard

ALL, LOW, MIDDLE, HIGH = range(4)  # rows: the rise of the logarithmic bands, in these registers
COMPLEX, ENERGY, CONTENT, SOFT, EMPHASIS = range(4, 9)
FUNCTIONS = [ALL, COMPLEX, ENERGY, CONTENT, SOFT, EMPHASIS]  # six that each hear the whole spectrum
GAMMA = 1_000.0  # compression: what is 60 dB under the loudest band counts little
RECENT = 6  # frames a soft onset is compared with
GROUPS = 12  # of neighbouring bands, weighted by how periodic they are
TRIAL = 60  # seconds that they are weighted by


def onsets(heard: Heard) -> Samples:
    """The nine onset functions, shape (9, frames), whitened; zeros if the sound is silent."""
    loudest = _loudest(heard.levels)
    emphasis = _emphasis(heard, loudest)
    rows = np.zeros((9, heard.frames), np.float32)
    start = 0
    for before, now in _compressed(heard.levels, loudest):
        end = start + len(now)
        _fill(rows[:, start:end], before, now, emphasis)
        start = end
    _complete(rows[COMPLEX], heard.complex, rows[ENERGY])
    return whitened(rows)


def strokes(pieces: tuple[Levels, ...]) -> Samples:
    """The rows ALL and LOW alone, shape (2, frames): the others cost ten times as much."""
    rows = np.zeros((2, sum(map(len, pieces))), np.float32)
    start, low = 0, centres() < 200
    for before, now in _compressed(pieces, _loudest(pieces)):
        end = start + len(now)
        rise = _rise(np.log1p(GAMMA * np.concatenate([before, now])))
        rows[0, start:end], rows[1, start:end] = rise.mean(axis=1), rise[:, low].mean(axis=1)
        start = end
    return whitened(rows)


def _loudest(pieces: tuple[Levels, ...]) -> int:
    return max(int(piece.max(initial=FLOOR * 100)) for piece in pieces)


def _complete(row: Samples, beginning: Samples, other: Samples) -> None:
    """Fill a row with the beginning of an onset function; then goes on another, made as strong."""
    heard = len(beginning)
    strength = beginning.mean() / (other[:heard].mean() + 1e-9) if heard else 0
    row[:heard] = beginning
    row[heard:] = strength * other[heard:]


def whitened(rows: Samples) -> Samples:
    """The rows less their mean over a second, rectified and lightly smoothed."""
    window = np.hanning(7)[1:-1].astype(np.float32)
    for row in rows:
        row -= uniform_filter1d(row, int(FPS) | 1, mode="nearest")
        np.maximum(row, 0, out=row)
        row[:] = convolve1d(row, window / window.sum(), mode="constant")
    return rows


def _compressed(pieces: tuple[Levels, ...], loudest: int) -> Iterator[tuple[Samples, Samples]]:
    """For each piece the RECENT frames before it, and its own: magnitudes of 1 for the loudest band."""
    before = np.zeros((RECENT, BANDS), np.float32)
    for piece in pieces:
        level = piece.astype(np.float32)
        level -= loudest
        now = np.exp(level * np.float32(np.log(10) / 2_000))
        yield before, now
        before = np.concatenate([before, now])[-RECENT:]


def _fill(rows: Samples, before: Samples, now: Samples, emphasis: Samples) -> None:
    magnitudes = np.concatenate([before, now])
    logs = np.log1p(GAMMA * magnitudes)
    rise = _rise(logs)
    low, high = centres() < 200, centres() >= 2_500
    for row, chosen in ((ALL, slice(None)), (LOW, low), (MIDDLE, ~low & ~high), (HIGH, high)):
        rows[row] = rise[:, chosen].mean(axis=1)
    rows[EMPHASIS] = rise @ emphasis
    rows[ENERGY] = _rise(np.sqrt(magnitudes)).sum(axis=1)
    rows[CONTENT] = _rise(np.sqrt(magnitudes @ centres()))
    mean = np.sum([logs[late : late + len(now)] for late in range(RECENT)], axis=0) / RECENT
    rows[SOFT] = np.maximum(0, logs[RECENT:] - mean).mean(axis=1)


def _rise(values: Samples) -> Samples:
    rise: Samples = np.maximum(0, np.diff(values[RECENT - 1 :], axis=0))
    return rise


def _emphasis(heard: Heard, loudest: int) -> Samples:
    """The weight of each band, shape (BANDS,): how periodic its group is in the first minute."""
    rises, frames = [], 0
    for before, now in _compressed(heard.levels, loudest):
        logs = np.log1p(GAMMA * np.concatenate([before[-1:], now]))
        rises.append(np.maximum(0, np.diff(logs, axis=0)).reshape(len(now), GROUPS, -1).mean(axis=2))
        frames += len(now)
        if frames > TRIAL * FPS:
            break
    if not frames:
        return np.zeros(BANDS, np.float32)
    groups = whitened(np.ascontiguousarray(np.concatenate(rises)[: int(TRIAL * FPS)].T))
    correlation = autocorrelation(groups, 520)
    lags = np.arange(20, 131)
    weighted = ((1, 1.0), (2, 0.5), (3, 0.5), (4, 0.25))
    comb = np.sum([weight * correlation[:, lags * beats] for beats, weight in weighted], axis=0)
    peak = np.maximum(0, comb.max(axis=1) - comb.mean(axis=1))
    weights = peak / (peak.sum() + 1e-9) / (groups.std(axis=1) + 1e-9)
    return np.repeat(weights / (BANDS // GROUPS), BANDS // GROUPS).astype(np.float32)


def peaks(strength: Samples) -> NDArray[np.intp]:
    """The frames of the onsets that stand out in an onset function."""
    height = strength.mean() + 0.5 * strength.std()
    found: NDArray[np.intp] = find_peaks(strength, height=height, distance=4)[0]
    return found


def autocorrelation(rows: Samples, longest: int) -> Samples:
    """Unbiased, 1 at lag 0, for lags up to `longest` frames; 0 beyond the end: shape (rows, longest + 1)."""
    count = rows.shape[1]
    lags = min(longest, count - 1) + 1
    size = scipy.fft.next_fast_len(count + lags, real=True)
    centred = rows - rows.mean(axis=1, keepdims=True)
    power = np.abs(scipy.fft.rfft(centred, size, axis=1)) ** 2
    overlap = np.maximum((count - np.arange(lags)) / count, 0.25)
    found = scipy.fft.irfft(power, size, axis=1)[:, :lags] / overlap
    result = np.zeros((len(rows), longest + 1), np.float32)
    result[:, :lags] = found / (found[:, :1] + 1e-9)
    return result
