"""A fingerprint: which way the spectrum tips, band by band, and which way that changes.

After J. Haitsma and T. Kalker, A highly robust audio fingerprinting system, ISMIR 2002: a bit for each two neighbours
of 33 bands says whether the difference of their levels rises or falls.
"""

import numpy as np

from samplemind_sdk import Block, Samples

from ..shape.bands import FPS, energies

SECONDS = 60.0  # that are heard
SMOOTH = 4  # frames whose power is summed: so that a shift by less than a frame matters little
APART = 4  # frames between what is compared
BANDS = slice(1, 34)  # 85 Hz to 6.6 kHz
FLOOR = np.float32(1e-9)  # -90 dB: below it nothing rises or falls
SILENCE = -70.0  # dB below a sine of full scale
FRAMES = int(SECONDS * FPS)


class Print:
    """Gathers a word of 32 bits and a level for each frame of 11.6 ms."""

    def __init__(self) -> None:
        self._power: list[Samples] = []
        self._frames = 0

    def add(self, block: Block) -> None:
        """Hear a block; what is beyond the longest is not remembered."""
        if self._frames < FRAMES:
            self._power.append(energies(block)[: FRAMES - self._frames].copy())
            self._frames += len(self._power[-1])

    def value(self) -> tuple[bytes, bytes] | None:
        """The words, four bytes each, least significant first; and the levels in dB below the loudest, a byte each.

        None where nothing is louder than SILENCE.
        """
        if not self._frames:
            return None
        power = np.concatenate(
            [np.zeros((SMOOTH + APART, self._power[0].shape[1]), np.float32), *self._power]
        )
        summed = np.cumsum(power, axis=0, dtype=np.float64)
        smooth = summed[SMOOTH:] - summed[:-SMOOTH]
        level = 10 * np.log10(np.maximum(smooth.sum(axis=1), 1e-12))
        if level.max() < SILENCE:
            return None
        tips = np.diff(np.log(np.maximum(smooth[:, BANDS], 0) + FLOOR), axis=1)
        bits = (tips[APART:] - tips[:-APART]) > 0
        words = np.packbits(bits, axis=1, bitorder="little").view("<u4")[:, 0]
        levels = level[APART:]
        below = np.clip(np.rint(levels.max() - levels), 0, 255).astype(np.uint8)
        return words.tobytes(), below.tobytes()
