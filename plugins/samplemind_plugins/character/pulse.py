"""How strong a beat is, and how steady: both from one value for each frame."""

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from samplemind_sdk import RATE, Samples
from samplemind_sdk.features import HOP

FPS = RATE / HOP  # frames a second
FASTEST, SLOWEST = 0.25, 1.5  # seconds from beat to beat
FIRST, LAST, EACH = 1.6, 8.8, 1.1  # seconds: the windows of Streich and Herrera that are longer than a beat
CHANCE = 0.5
LEAST = 0.1  # fluctuation, of the standard deviation of the level, that is told from none
SAME = 1e-6  # of the energy of the onsets: what varies less does not vary
SPREAD = 0.02  # of the mean level: what varies less, as a steady tone, has no beat at all


def beat_strength(onsets: Samples) -> float:
    """The highest autocorrelation of the onset function at a lag from beat to beat, 0 to 1."""
    centred = onsets - onsets.mean(dtype=float)
    lags = np.arange(round(FASTEST * FPS), min(round(SLOWEST * FPS), len(centred) // 2) + 1)
    size = scipy.fft.next_fast_len(2 * len(centred), real=True)
    correlation = scipy.fft.irfft(np.abs(scipy.fft.rfft(centred, size)) ** 2, size)
    if not len(lags) or correlation[0] <= SAME * float(np.square(onsets).sum(dtype=float)):
        return 0.0
    shares = correlation[lags] / correlation[0] * len(centred) / (len(centred) - lags)
    return float(np.clip(shares.max(), 0, 1))


def steadiness(levels: Samples) -> float:
    """How little slow change there is in the level beside what repeats from beat to beat, 0 to 1.

    It is 1 less the scaling exponent of the detrended fluctuations in windows longer than a beat: near 1
    for a beat that repeats, CHANCE for chance and where the sound is too short to tell, 0 for drifts. A
    level that does not vary has no beat, and is not steady in this sense.
    """
    if levels.std() < SPREAD * levels.mean():
        return 0.0
    path = np.cumsum(levels - levels.mean(dtype=float), dtype=float)
    windows = _windows(len(path))
    if len(windows) < 3:
        return CHANCE
    least = LEAST * float(levels.std(dtype=float))
    fluctuations = [max(_fluctuation(path, frames), least) for frames in windows]
    exponent = np.polyfit(np.log(windows), np.log(fluctuations), 1)[0]
    return float(np.clip(1 - exponent, 0, 1))


def _windows(frames: int) -> list[int]:
    """Lengths in frames from FIRST to LAST seconds, at most a quarter of all."""
    count = int(np.log(LAST / FIRST) / np.log(EACH)) + 1
    lengths = {round(FIRST * EACH**step * FPS) for step in range(count)}
    return sorted(length for length in lengths if length <= frames // 4)


def _fluctuation(path: NDArray[np.float64], frames: int) -> float:
    """The root mean square of what is left of the path in windows, each less its straight line."""
    windows = path[: len(path) // frames * frames].reshape(-1, frames)
    centred = windows - windows.mean(axis=1, keepdims=True)
    ramp = np.arange(frames) - (frames - 1) / 2
    slopes = centred @ ramp / (ramp @ ramp)
    left = (centred**2).sum() - (slopes**2).sum() * (ramp @ ramp)
    return float(np.sqrt(max(left, 0) / windows.size))
