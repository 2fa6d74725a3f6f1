"""How periodic a sound is at each tempo, by seventeen measures: what the network of likelihood.py looks at."""

import numpy as np
import scipy.fft
from scipy.ndimage import maximum_filter1d

from samplemind_sdk import Samples

from . import comb
from .bands import FPS
from .envelopes import ALL, CONTENT, EMPHASIS, HIGH, LOW, MIDDLE, SOFT
from .grid import GRID, SLOWEST, between, stretches

EVERY = 2  # of GRID: 60 tempi an octave are enough
TEMPI = GRID[::EVERY]  # BPM
SPECTRAL = [ALL, LOW, MIDDLE, HIGH, CONTENT, SOFT, EMPHASIS]
CROSSED = ((LOW, MIDDLE), (LOW, HIGH))
SALIENT = (ALL, LOW, SOFT, EMPHASIS)
ROWS = 17
LEAST = 0.25  # share of a stretch that two shifted copies of it must have in common to count fully


def draw(rows: Samples, similar: Samples, spectral: Samples) -> Samples:
    """Shape (17, len(TEMPI)): four autocorrelations, seven Fourier transforms, two correlations, four combs.

    From the onset functions and what `tempograms` made of them. Bass against the registers above tells the
    beat of a bass and a snare drum that play in turn from the two beats after which each returns.
    """
    lags = (60 * FPS / GRID).astype(np.float32)
    crossed = [_crossed(rows[low], rows[high], lags) for low, high in CROSSED]
    salient = [_salient(rows[row], lags) for row in SALIENT]
    every = np.concatenate([similar, spectral[SPECTRAL], crossed, salient])
    seen: Samples = np.maximum(maximum_filter1d(every, 3, axis=1), -1)[:, ::EVERY].astype(np.float32)
    return seen


def _crossed(low: Samples, high: Samples, lags: Samples) -> Samples:
    """How alike two onset functions are when one is moved by each lag, either way, mean over stretches."""
    found = [between(_correlation(low[part], high[part])[None], lags)[0] for part in stretches(len(low))]
    mean: Samples = np.mean(found, axis=0)
    return mean


def _correlation(low: Samples, high: Samples) -> Samples:
    """The mean of both directions, for lags up to SLOWEST frames; 0 beyond the end."""
    count = len(low)
    lags = min(SLOWEST, count - 1) + 1
    size = scipy.fft.next_fast_len(count + lags, real=True)
    low, high = low - low.mean(), high - high.mean()
    whole = scipy.fft.irfft(scipy.fft.rfft(low, size) * np.conj(scipy.fft.rfft(high, size)), size)
    ways = (whole[:lags] + np.r_[whole[0], whole[:-lags:-1]]) / 2
    overlap = np.maximum((count - np.arange(lags)) / count, LEAST)
    found = np.zeros(SLOWEST + 1, np.float32)
    found[:lags] = ways / overlap / (np.sqrt((low @ low) * (high @ high)) + 1e-9)
    return found


def _salient(row: Samples, lags: Samples) -> Samples:
    """The mean salience of each beat length, 1 for a twentieth of it all."""
    mean = np.interp(lags, comb.LAGS, comb.salience(row).mean(axis=0), 0, 0)
    found: Samples = 20 * mean * (lags >= comb.SHORTEST)
    return found
