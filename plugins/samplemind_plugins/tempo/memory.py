"""What is kept of a sound while it goes by, and how much of it."""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from samplemind_sdk import Block, Samples, hops

from .bands import BANDS, FPS, Levels, levels
from .witness import LONGEST as LISTENING
from .witness import Aubio

LONGEST = 2 * 3_600 + 900  # seconds; 6.5 kB are kept of each
PIECE = 4_096  # frames
LARGEST = 1e6  # times full scale; levels beyond do not fit their numbers


@dataclass(frozen=True)
class Heard:
    """What is remembered of a sound."""

    levels: tuple[Levels, ...]  # the loudness of the bands, in pieces of PIECE frames, the last one shorter
    complex: Samples  # aubio's onset function, of the first frames only: those of 20 s
    taps: tuple[float, ...]  # when aubio taps in these, in seconds
    seconds: float  # the exact length of the whole sound, whether or not all of it is remembered
    full: bool  # whether its end was not remembered
    broken: bool  # whether a sample of it is no number to reckon with

    @property
    def frames(self) -> int:
        """How many frames are remembered."""
        return sum(map(len, self.levels))


class Memory:
    """Remembers the beginning of a sound, up to so many seconds."""

    def __init__(self, longest: float = LONGEST) -> None:
        self._longest = longest
        self._aubio = Aubio()
        self._levels: list[Levels] = []
        self._rest: Levels = np.zeros((0, BANDS), np.int16)
        self._complex: list[float] = []
        self._taps: list[float] = []
        self._frames, self._full, self._broken = 0, False, False
        self._source, self._rate = 0, 1

    def add(self, block: Block) -> None:
        """Hear a block; beyond the longest only its length counts."""
        self._source, self._rate = self._source + block.source.shape[1], block.source_rate
        self._full = self._frames > self._longest * FPS
        if self._full or self._broken or not block.length:
            return
        self._broken = not -LARGEST < block.samples.min() <= block.samples.max() < LARGEST
        if not self._broken:
            self._keep(levels(block))
            self._listen(block)

    def _keep(self, heard: Levels) -> None:
        self._frames += len(heard)
        self._rest = np.concatenate([self._rest, heard])
        while len(self._rest) >= PIECE:
            self._levels.append(self._rest[:PIECE].copy())
            self._rest = self._rest[PIECE:]

    def _listen(self, block: Block) -> None:
        left = int(LISTENING * FPS) - len(self._complex)
        if heard := list(islice(hops(block), max(0, left))):
            strengths, taps = self._aubio.hear(np.stack(heard))
            self._complex += strengths
            self._taps += taps

    @property
    def seconds(self) -> float:
        """How long the sound is so far, to the sample of its own rate."""
        return self._source / self._rate

    def recall(self) -> Heard:
        """All that is remembered; nothing is changed by asking."""
        return Heard(
            (*self._levels, self._rest),
            np.array(self._complex, np.float32),
            tuple(self._taps),
            self.seconds,
            self._full,
            self._broken,
        )
