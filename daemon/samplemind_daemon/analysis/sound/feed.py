"""The way of every sound, from decoded pieces to the blocks that analyzers hear."""

from collections.abc import Iterator

import numpy as np
import soxr

from samplemind_sdk import BLOCK, RATE, Block, Cutter, Samples

from .cannot import CannotDecode
from .decoding import too_long

_LOUDEST = 8.0  # times full scale (+18 dB): above it, a file of floats holds integers or rubbish


class Feed:
    """Checks pieces, resamples them once, and cuts them, into blocks of each of some sizes.

    However the pieces are cut, the blocks are the same to the last bit.
    """

    def __init__(self, rate: int, channels: int, longest_seconds: float, *sizes: int) -> None:
        self._rate, self._channels, self._longest_seconds = rate, channels, longest_seconds
        self._cutters = [Cutter(rate, size) for size in sizes or (BLOCK,)]
        self._resampler = None if rate == RATE else soxr.ResampleStream(rate, RATE, channels, dtype="float32")
        self.heard = 0  # frames, at the sound's own rate

    def push(self, piece: Samples) -> Iterator[tuple[int, Block]]:
        """The blocks that a piece of shape (frames, channels) completes, each with the number of its size.

        Raises CannotDecode for a piece that holds no sound, or is too much of it.
        """
        self._check(piece)
        source = piece.T
        if self._resampler is None:
            yield from self._cut(source)
        else:
            yield from self._cut(self._resampler.resample_chunk(piece).T, source)

    def finish(self) -> Iterator[tuple[int, Block]]:
        """The last blocks, shorter ones."""
        if self._resampler is not None:
            nothing = np.zeros((0, self._channels), np.float32)
            yield from self._cut(self._resampler.resample_chunk(nothing, last=True).T, nothing.T)
        for number, cutter in enumerate(self._cutters):
            for block in cutter.finish():
                yield number, block

    def _cut(self, sound: Samples, source: Samples | None = None) -> Iterator[tuple[int, Block]]:
        for number, cutter in enumerate(self._cutters):
            for block in cutter.push(sound, source):
                yield number, block

    def _check(self, piece: Samples) -> None:
        if not len(piece):
            return
        peak = float(np.maximum(piece.max(), -piece.min()))
        if not peak <= _LOUDEST:  # false for NaN too
            second = self.heard / self._rate
            what = f"reach {peak:g} times full scale" if np.isfinite(peak) else "are not finite numbers"
            raise CannotDecode("NON_FINITE", f"the samples {what} after {second:.2f} s")
        self.heard += len(piece)
        if self.heard > self._longest_seconds * self._rate:
            raise too_long(self.heard / self._rate, self._longest_seconds)
