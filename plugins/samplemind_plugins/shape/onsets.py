"""When something begins in a sound."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, median_filter

from samplemind_sdk import RATE, Analyzer, Block, CannotDescribe, Finding, Output, Samples
from samplemind_sdk.features import HOP

from .bands import FPS
from .novelty import KNEE, Novelty

NEAR, AROUND = 3, 10  # frames to both sides that an onset is the peak of, and that its threshold is made from
RISE, TIMES = 1.0, 1.5  # the threshold is so many dB above so many times the median of what is around
DELAY = 0.020  # seconds from an onset to the centre of its peak; measured with clicks at all places in a hop
LONGEST = 2 * 3_600 + 900  # seconds; 345 bytes are kept of each
SHORTEST = 0.5  # seconds that a rate can be told of

Times = NDArray[np.float64]


class Onsets(Analyzer):
    """When something begins, whatever the sound: a stroke, a note, a syllable, or the sound itself.

    Where the mean rise of 48 mel bands peaks, well above the median of the quarter second around,
    something begins. A sound that is there from its first sample on begins there.
    """

    name, version = "onsets", 1
    times = Output(many=True, unit="s", low=0, help="Seconds from the start of the sound, in order")
    rate = Output(unit="per s", low=0, help="How many there are in a second, on average")

    def begin(self) -> None:
        self._novelty, self._rises = Novelty(), list[Samples]()
        self._frames = self._samples = 0

    def update(self, block: Block) -> None:
        if not block.length or self._frames > LONGEST * FPS:
            return
        self._samples += block.length
        self._rises.append(self._novelty.rises(block).mean(axis=1))
        self._frames += block.length // HOP

    def describe(self) -> Iterator[Finding]:
        if not self._frames:
            raise CannotDescribe("the sound is shorter than 12 ms, too short for an onset")
        if self._novelty.loudest < KNEE:
            raise CannotDescribe("silence: no band is louder than -70 dB")
        found = peaks(np.concatenate(self._rises))
        doubt = f"only the first {LONGEST} s were heard" if self._frames > LONGEST * FPS else ""
        yield self.times([round(float(time), 4) for time in found], doubt=doubt)
        seconds = self._samples / RATE
        if seconds < SHORTEST:
            yield self.rate.withheld(f"the sound is shorter than {SHORTEST} s, too short for a rate")
        else:
            yield self.rate(round(len(found) / seconds, 3), doubt=doubt)


def peaks(novelty: Samples) -> Times:
    """When the peaks that stand out begin, in seconds; the place of each is its centre in three frames."""
    highest = maximum_filter1d(novelty, 2 * NEAR + 1, mode="constant")
    median = median_filter(novelty, 2 * AROUND + 1, mode="constant")
    peak = np.flatnonzero((novelty == highest) & (novelty > RISE + TIMES * median))
    framed = np.pad(novelty.astype(float), 1)
    before, at, after = (framed[peak + step] for step in range(3))
    frame = peak + 1 + (after - before) / (before + at + after)
    times: Times = np.maximum(0, frame / FPS - DELAY)
    return times
