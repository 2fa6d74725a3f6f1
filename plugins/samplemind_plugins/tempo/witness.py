"""What aubio hears: an onset function of its own, and the beats it taps along."""

import aubio

from samplemind_sdk import RATE, Samples
from samplemind_sdk.features import HOP

LONGEST = 60  # seconds that aubio hears: it costs more than all else, and a minute says what it has to say
FEWER = 2  # samples that are heard as one, for the same reason
WINDOW = 1_024  # samples


class Aubio:
    """Aubio's onset and tempo objects, which hear one hop after the other at half the rate."""

    def __init__(self) -> None:
        size, hop, rate = WINDOW // FEWER, HOP // FEWER, RATE // FEWER
        self._onset = aubio.onset("complex", size, hop, rate)
        self._tempo = aubio.tempo("default", size, hop, rate)

    def hear(self, hop: Samples) -> tuple[float, float | None]:
        """How strongly something begins in a hop, and when, in seconds from the start, aubio taps, if it does."""
        sound = hop.reshape(-1, FEWER).mean(axis=1)  # contiguous: aubio silently misreads any other layout
        self._onset(sound)
        taps = bool(self._tempo(sound)[0])
        return float(self._onset.get_descriptor()), float(self._tempo.get_last_s()) if taps else None
