"""What is kept of a sound to tell its instruments: the energy of its bands."""

import numpy as np

from samplemind_sdk import Block

from ..kind.memory import BANDS, FPS, Matrix, bands

LONGEST = int(180 * FPS)  # frames, 96 bytes each


class Memory:
    """Keeps the bands of the first three minutes."""

    def __init__(self) -> None:
        self._bands: list[Matrix] = []
        self._frames, self.peak = 0, 0.0

    def add(self, block: Block) -> None:
        """Hear a block."""
        if not block.length:
            return
        self.peak = max(self.peak, float(block.samples.max()), -float(block.samples.min()))
        if self._frames < LONGEST:
            self._bands.append(bands(block)[: LONGEST - self._frames])
            self._frames += len(self._bands[-1])

    def recall(self) -> Matrix:
        """The bands in dB, shape (frames, BANDS)."""
        return np.concatenate([np.zeros((0, BANDS), np.float32), *self._bands])
