"""What a sound is made of, as numbers: its mean spectrum, how much that varies, and how fast."""

from functools import cache

import numpy as np

from samplemind_sdk import Block, Samples, product

from ..shape.bands import centres, energies
from .gathered import Gathered, Numbers

HIGHEST = 10_000.0  # Hz; what is above is missing in files of a low rate or bit rate
FLOOR = 1e-6  # of a frame's power, in each band: so that empty bands weigh little, and a gain nothing
SHAPES, SPREADS, CHANGES = 16, 12, 8  # cepstral coefficients, from the second
GATE, LOUD = 40, 10  # dB below the loudest frame


class Timbre:
    """Gathers mel-frequency cepstral coefficients; the first one, which is level, is left out."""

    def __init__(self) -> None:
        self._frames = Gathered(SHAPES + SPREADS)
        self._changes = Gathered(CHANGES)
        self._coefficients = np.zeros((0, SHAPES))  # of the last frame
        self._levels = np.zeros(0)

    def add(self, block: Block) -> None:
        """Hear a block."""
        power = energies(block)[:, : len(_transform())]
        total = power.sum(axis=1, keepdims=True, dtype=float)
        share = (power / np.maximum(total, 1e-30)).astype(np.float32)
        coefficients = product(10 * np.log10(share + np.float32(FLOOR)), _transform()).astype(float)
        levels = 10 * np.log10(np.maximum(total[:, 0], 1e-30))
        self._frames.add(levels, np.column_stack([coefficients, coefficients[:, :SPREADS] ** 2]))
        row, level = np.concatenate([self._coefficients, coefficients]), np.append(self._levels, levels)
        self._changes.add(np.minimum(level[1:], level[:-1]), np.abs(np.diff(row[:, :CHANGES], axis=0)))
        self._coefficients, self._levels = row[-1:], level[-1:]

    def parts(self) -> dict[str, Numbers] | None:
        """The numbers by what they say; None if the sound is silent."""
        whole, loud = self._frames.mean(GATE), self._frames.mean(LOUD)
        if whole is None or loud is None:
            return None
        changes = self._changes.mean(GATE)
        spread = np.sqrt(np.maximum(0, whole[SHAPES:] - whole[:SPREADS] ** 2))
        return {
            "shape": whole[:SHAPES],
            "loud_shape": loud[:SHAPES],
            "spread": spread,
            "change": np.zeros(CHANGES) if changes is None else changes,
        }


@cache
def _transform() -> Samples:
    """The cosines of orders 1 to SHAPES over the bands up to HIGHEST, shape (bands, SHAPES)."""
    bands = int(np.count_nonzero(centres() < HIGHEST))
    place = (np.arange(bands) + 0.5) / bands
    cosines = np.cos(np.pi * place[:, None] * np.arange(1, SHAPES + 1)) * np.sqrt(2 / bands)
    transform: Samples = cosines.astype(np.float32)
    return transform
