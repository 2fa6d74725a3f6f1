"""How fast a sound rises: its attack."""

import numpy as np
from scipy.ndimage import maximum_filter1d

from samplemind_sdk import RATE, Samples

SWING = (
    441  # samples, 10 ms: the envelope is the greatest swing of so many, so that it does not follow each wave
)
LOW, HIGH = 0.2, 0.9  # of the maximum


def attack(signal: Samples) -> float:
    """Seconds that the envelope takes from 20 to 90 % of its maximum, one sample at least; shape (length,).

    The method of fixed thresholds in G. Peeters, A large set of audio features for sound description,
    IRCAM 2004, section 3.2; the logarithm to base 10 of the result is its log attack time.
    """
    envelope = maximum_filter1d(np.abs(signal), SWING, mode="constant", origin=SWING // 2)
    loudest = envelope.max()
    top = int((envelope >= HIGH * loudest).argmax())
    low = np.flatnonzero(envelope[: top + 1] < LOW * loudest)
    bottom = int(low[-1]) if len(low) else -1
    return max(1, top - bottom) / RATE
