"""How exactly single onsets keep to the beat and its parts: chance keeps to nothing for long."""

import numpy as np

from samplemind_sdk import Samples

from .bands import FPS
from .envelopes import peaks
from .grid import Numbers

WINDOW = 8.0  # seconds in which the tempo may be taken as steady
MOST = 64  # windows, evenly spread over a long sound
DIVISIONS = (1, 2, 3, 4)  # of the beat that onsets may fall on
RATIOS = np.linspace(0.97, 1.03, 13)  # tempi near the candidate that are tried in a window
FEWEST = 3  # onsets in a window that counts


def coherence(strength: Samples, tempo: float) -> float:
    """Rayleigh's statistic of the phases of onsets, n times the squared mean, for the best of DIVISIONS.

    It is the mean over windows of the highest among the tempi near the one in question. Random onsets
    have about 3, whatever their number; n onsets that keep time have nearly n. Mardia and Jupp,
    "Directional Statistics", 2000, section 6.3.
    """
    times, seconds = onset_times(strength), len(strength) / FPS
    count = max(1, round(seconds / WINDOW))
    ends = np.linspace(0, seconds, count + 1)
    found = []
    for window in np.linspace(0, count - 1, min(MOST, count)).astype(int):
        start, end = ends[window : window + 2]
        here = times[(times >= start) & (times < end)] - (start + end) / 2
        if len(here) >= FEWEST:
            found.append(_statistic(here, tempo))
    return float(np.mean(found, axis=0).max()) if found else 0.0


def onset_times(strength: Samples) -> Numbers:
    """When the onsets that stand out peak, in seconds, read between frames off a parabola."""
    frames = peaks(strength)
    below, at, above = (strength[frames + step].astype(float) for step in (-1, 0, 1))
    times: Numbers = (frames + 0.5 * (below - above) / np.minimum(below - 2 * at + above, -1e-9)) / FPS
    return times


def _statistic(times: Numbers, tempo: float) -> Numbers:
    """The statistic for each of DIVISIONS, the highest of the tempi near one."""
    turns = np.exp(2j * np.pi * times * (tempo / 60 * RATIOS[:, None]))
    means = [np.abs((turns**parts).mean(axis=1)) for parts in DIVISIONS]
    statistic: Numbers = len(times) * np.max(np.square(means), axis=1)
    return statistic
