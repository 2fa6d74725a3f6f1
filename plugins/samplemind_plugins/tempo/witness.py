"""What aubio hears: an onset function of its own, and the beats it taps along."""

import aubio
import numpy as np

from samplemind_sdk import RATE, Samples
from samplemind_sdk.features import HOP

LONGEST = 20  # seconds that aubio hears: it costs more than all else, and they say what it has to say
FEWER = 2  # samples that are heard as one, for the same reason
WINDOW = 1_024  # samples


class Aubio:
    """Aubio's onset and tempo objects, which hear one hop after the other at half the rate."""

    def __init__(self) -> None:
        size, hop, rate = WINDOW // FEWER, HOP // FEWER, RATE // FEWER
        self._onset = aubio.onset("complex", size, hop, rate)
        self._tempo = aubio.tempo("default", size, hop, rate)

    def hear(self, hops: Samples) -> tuple[list[float], list[float]]:
        """How strongly something begins in each hop, and when, in seconds from the start, aubio taps.

        Hops have the shape (hops, HOP).
        """
        strengths, taps = [], []
        onset, tempo = self._onset, self._tempo
        half = sum(hops[:, first::FEWER] for first in range(FEWER)) / np.float32(
            FEWER
        )  # far faster than a mean
        for sound in np.ascontiguousarray(half):  # aubio misreads any other layout
            onset(sound)
            strengths.append(onset.get_descriptor())
            if tempo(sound)[0]:
                taps.append(tempo.get_last_s())
        return strengths, taps
