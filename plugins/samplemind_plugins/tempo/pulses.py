"""How well trains of pulses at each tempo fit the onsets."""

import numpy as np
import scipy.fft

from samplemind_sdk import Samples

from .bands import FPS
from .comb import windows
from .grid import Numbers

POOL = 2  # frames in a step
RATE = FPS / POOL  # steps a second
WINDOW, STEP = 256, 64  # steps
LAGS = np.arange(int(60 * RATE / 210), int(60 * RATE / 50) + 2)  # steps
TEMPI = 60 * RATE / LAGS  # BPM
PEAKS = 10  # lags that are tried in a window
MOST = 256  # windows, evenly spread over a long sound


def fit(row: Samples) -> Numbers:
    """How well a train at each of TEMPI fits an onset function: mean over windows of 6 s.

    After Percival and Tzanetakis, "Streamlined Tempo Estimation Based on Autocorrelation and
    Cross-correlation With Pulses", IEEE/ACM TASLP 22(12), 2014: the best place of the train, and
    how much its place matters.
    """
    steps = row[: len(row) // POOL * POOL].reshape(-1, POOL).mean(axis=1)
    parts = windows(steps, WINDOW, STEP)
    parts = parts[np.linspace(0, len(parts) - 1, min(MOST, len(parts))).astype(int)]
    tried = _tried(parts)
    best, variance = np.zeros(tried.shape), np.zeros(tried.shape)
    for number, lag in enumerate(LAGS):
        chosen = np.flatnonzero(tried[:, number])
        if len(chosen):
            sums = _sums(parts[chosen], int(lag))
            best[chosen, number], variance[chosen, number] = sums.max(axis=1), sums.var(axis=1)
    shares = (each / (each.sum(axis=1, keepdims=True) + 1e-9) for each in (best, variance))
    found: Numbers = np.sum([share.mean(axis=0) for share in shares], axis=0)
    return found


def _tried(parts: Samples) -> Samples:
    """Which lags are among the highest peaks of a window's generalised autocorrelation."""
    compressed = np.abs(scipy.fft.rfft(parts, 2 * WINDOW, axis=1)) ** 0.5
    similar = scipy.fft.irfft(compressed, 2 * WINDOW, axis=1)[:, :WINDOW]
    sums = np.sum([similar[:, np.minimum(times * LAGS, WINDOW - 1)] for times in (1, 2, 4)], axis=0)
    peaks = np.zeros(sums.shape, bool)
    peaks[:, 1:-1] = (sums[:, 1:-1] > sums[:, :-2]) & (sums[:, 1:-1] >= sums[:, 2:])
    lowest = np.sort(np.where(peaks, sums, -np.inf), axis=1)[:, -PEAKS][:, None]
    tried: Samples = peaks & (sums >= lowest)
    return tried


def _sums(parts: Samples, lag: int) -> Samples:
    """What a train of four beats, with weaker ones at twice and 1.5 times its lag, collects at each place."""
    total = np.zeros((len(parts), lag), np.float32)
    for beat in range(4):
        for spread, weight in ((1, 1.0), (2, 0.5), (1.5, 0.5)):
            place = WINDOW - 1 - np.arange(lag) - int(beat * lag * spread)
            total += np.where(place >= 0, weight, 0) * parts[:, np.maximum(place, 0)]
    return total
