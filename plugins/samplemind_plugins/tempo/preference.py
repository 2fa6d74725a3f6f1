"""Which tempi listeners prefer, whatever they hear."""

import numpy as np

from .grid import Numbers

CENTRE, WIDTH = 105.0, 0.9  # BPM, octaves


def prior(tempo: Numbers) -> Numbers:
    """How much a tempo in BPM is preferred, 1 at best: log-normal."""
    preference: Numbers = np.exp(-0.5 * (np.log2(tempo / CENTRE) / WIDTH) ** 2)
    return preference
