"""What aubio hears: an onset function of its own, and the beats it taps along."""

import aubio
import numpy as np

from samplemind_sdk import RATE, Samples
from samplemind_sdk.features import HOP

WINDOW = 1_024  # samples


class Aubio:
    """Aubio's onset and tempo objects, which hear one hop after the other."""

    def __init__(self) -> None:
        self._onset = aubio.onset("complex", WINDOW, HOP, RATE)
        self._tempo = aubio.tempo("default", WINDOW, HOP, RATE)

    def hear(self, hop: Samples) -> tuple[float, float | None]:
        """How strongly something begins in a hop, and when, in seconds from the start, aubio taps, if it does."""
        sound = np.ascontiguousarray(hop, np.float32)  # aubio silently misreads any other layout
        self._onset(sound)
        taps = bool(self._tempo(sound)[0])
        return float(self._onset.get_descriptor()), float(self._tempo.get_last_s()) if taps else None
