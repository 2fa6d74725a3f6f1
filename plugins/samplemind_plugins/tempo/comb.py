"""How periodic onsets are at each beat length in frames, window by window: room for a tempo that drifts."""

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view

from samplemind_sdk import Samples

from .bands import FPS

LAGS = np.arange(1, 131)  # frames
SHORTEST = 18  # frames, 287 BPM
TEMPI = 60 * FPS / LAGS  # BPM
WINDOW, STEP = 512, 128  # frames: 6 s, every 1.5 s
MULTIPLES = 4
BATCH = 64  # windows at a time, which bounds the memory


def windows(row: Samples, width: int = WINDOW, step: int = STEP) -> Samples:
    """The row cut into overlapping windows, filled up to one with zeros: shape (windows, width)."""
    filled = np.pad(row, (0, max(0, width - len(row))))
    return sliding_window_view(filled, width)[::step]


def salience(row: Samples) -> Samples:
    """How salient each beat length is in each window, shape (windows, len(LAGS)); each window sums to 1.

    The rectified autocorrelation at four multiples of the lag; the p-th is a mean over 2p - 1
    lags, as a tempo that drifts spreads it.
    """
    parts = windows(row)
    batches = [_salience(parts[start : start + BATCH]) for start in range(0, len(parts), BATCH)]
    return np.concatenate(batches)


def _salience(parts: Samples) -> Samples:
    centred = parts - parts.mean(axis=1, keepdims=True)
    power = np.abs(scipy.fft.rfft(centred, 2 * WINDOW, axis=1)) ** 2
    similar = scipy.fft.irfft(power, 2 * WINDOW, axis=1)[:, :WINDOW]
    similar = np.maximum(0, similar / np.maximum(0.15, 1 - np.arange(WINDOW) / WINDOW))
    sums = np.pad(np.cumsum(similar, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    total = np.zeros((len(parts), len(LAGS)))
    for multiple in range(1, MULTIPLES + 1):
        end = np.clip(multiple * LAGS + multiple, 1, WINDOW)
        start = np.clip(multiple * LAGS - multiple + 1, 0, WINDOW - 1)
        total += (sums[:, end] - sums[:, start]) / (2 * multiple - 1)
    total[:, : SHORTEST - 1] = 0
    found: Samples = (total / (total.sum(axis=1, keepdims=True) + 1e-9)).astype(np.float32)
    return found


def at(curve: Samples, tempo: float, within: float = 0.02) -> float:
    """The highest value of a curve over LAGS around a tempo in BPM; 0 outside what it holds."""
    lag = 60 * FPS / tempo
    if not SHORTEST - 1 <= lag <= LAGS[-1] + 0.5:
        return 0.0
    around = lag * np.linspace(1 - within, 1 + within, 5)
    return float(np.interp(around, LAGS, curve).max())
