"""How much louder each band becomes from frame to frame: what onsets and rhythm are made of."""

import numpy as np

from samplemind_sdk import Block, Samples
from samplemind_sdk.features import HOP

from .bands import BANDS, energies

KNEE = 1e-7  # power in a band, -70 dB: what happens well below it is not heard
BACK = 2  # frames from the one that a frame is compared with


class Novelty:
    """The rise of each band over what it and its neighbours had two frames before, in dB.

    This is the spectral flux with a maximum filter of S. Boeck and G. Widmer, Maximum filter vibrato
    suppression for onset detection, DAFx 2013.
    """

    def __init__(self) -> None:
        self._before = np.zeros((BACK, BANDS), np.float32)  # levels, in dB above the knee
        self.loudest = 0.0  # power in a band

    def rises(self, block: Block) -> Samples:
        """Shape (frames, BANDS); without a last frame that is filled up with silence, as its end is false."""
        power = energies(block)[: block.length // HOP]
        self.loudest = max(self.loudest, float(power.max(initial=0.0)))
        level = np.concatenate([self._before, 10 * np.log10(1 + power / np.float32(KNEE))])
        self._before = level[-BACK:].copy()
        rises: Samples = np.maximum(0, level[BACK:] - _widened(level[:-BACK]))
        return rises


def _widened(levels: Samples) -> Samples:
    """The highest level in each band and the two beside it: a tone that glides to one of them is not new."""
    widest = levels.copy()
    np.maximum(widest[:, 1:], levels[:, :-1], out=widest[:, 1:])
    np.maximum(widest[:, :-1], levels[:, 1:], out=widest[:, :-1])
    return widest
