"""What is kept of a sound to tell its kind: its outline, and both its edges to the sample."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samplemind_sdk import RATE, Block, Samples, feature, mel_power, mono
from samplemind_sdk.features import MELS

Matrix = NDArray[np.float32]

HOP = 512  # samples, as in the SDK's frames
FPS = RATE / HOP
BANDS = 24  # of four mel bands each
LONGEST = int(180 * FPS)  # frames; what comes later changes the length and the end, not the outline
EDGE = 4_410  # samples, 0.1 s
FAINTEST = 1e-7  # energy; keeps the logarithm finite


@dataclass(frozen=True)
class Outline:
    """What is remembered of a sound."""

    bands: Matrix  # dB, shape (frames, BANDS), of the beginning
    levels: Samples  # mean square of each hop of the beginning
    head: Samples  # the first samples
    tail: Samples  # the last ones
    last: Samples  # mean square of each of the last hops
    seconds: float
    peak: float  # the greatest sample, of all channels


class Memory:
    """Keeps the outline of a sound while it goes by: 110 bytes a frame, for three minutes."""

    def __init__(self) -> None:
        self._bands: list[Matrix] = []
        self._levels: list[Samples] = []
        self._frames, self._samples, self._peak = 0, 0, 0.0
        self._head = self._tail = self._last = np.zeros(0, np.float32)

    def add(self, block: Block) -> None:
        """Hear a block."""
        if not block.length:
            return
        sound = mono(block)
        self._samples += block.length
        self._peak = max(self._peak, float(block.samples.max()), -float(block.samples.min()))
        self._tail = np.concatenate([self._tail, sound[-EDGE:]])[-EDGE:].copy()
        if len(self._head) < EDGE:
            self._head = np.concatenate([self._head, sound[: EDGE - len(self._head)]])
        levels = _mean_squares(sound)
        self._last = np.concatenate([self._last, levels])[-int(2 * FPS) :].copy()
        if self._frames < LONGEST:
            self._bands.append(bands(block)[: LONGEST - self._frames])
            self._levels.append(levels[: LONGEST - self._frames])
            self._frames += len(self._bands[-1])

    def recall(self) -> Outline:
        """All that is remembered; nothing is changed by asking."""
        bands = np.concatenate([np.zeros((0, BANDS), np.float32), *self._bands])
        levels = np.concatenate([np.zeros(0, np.float32), *self._levels])
        seconds = self._samples / RATE
        return Outline(bands, levels, self._head, self._tail, self._last, seconds, self._peak)


def _mean_squares(sound: Samples) -> Samples:
    squares = np.concatenate([sound, np.zeros(-len(sound) % HOP, np.float32)]) ** 2
    return np.asarray(squares.reshape(-1, HOP).mean(axis=1))


@feature
def bands(block: Block) -> Matrix:
    """The energy of groups of four mel bands in dB, shape (frames, BANDS)."""
    energy = mel_power(block).reshape(-1, BANDS, MELS // BANDS).sum(axis=2)
    return np.asarray(10 * np.log10(energy + FAINTEST), np.float32)
