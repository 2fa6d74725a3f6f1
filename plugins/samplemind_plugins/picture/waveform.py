"""The waveform as a drawing needs it: how far it swings up and down in each bin of time."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from samplemind_sdk import RATE, Analyzer, Block, CannotDescribe, Finding, Output

from .columns import Columns

FINEST = 4_096  # bins at most
ZOOMS = (16, 4, 1)  # finest bins in a bin of each zoom, the coarsest zoom first
SCALE = 127  # stands for full scale


class Waveform(Analyzer):
    """The lowest and the highest sample of each bin of time, over all channels, in three zooms.

    The whole sound is cut into equal bins, whatever its length: at most 256, 1,024 and 4,096 of them,
    and at least half as many unless there are fewer samples. The zooms follow each other in `peaks`,
    the coarsest first: zoom z begins at entry 2 * sum(bins[:z]) and has bins[z] pairs. It is a
    measurement and no guess, so it has no confidence.
    """

    name, version = "waveform", 1
    peaks = Output(
        kind=int, many=True, low=-SCALE, high=SCALE,
        help="lowest, highest, lowest, highest ... of each bin; 127 is full scale, and what is beyond it",
    )  # fmt: skip
    bins = Output(kind=int, many=True, low=1, high=FINEST, help="How many bins each zoom has")
    seconds_per_bin = Output(many=True, unit="s", low=0, help="How long a bin of each zoom is")

    def begin(self) -> None:
        self._lowest, self._highest = Columns(np.minimum, FINEST), Columns(np.maximum, FINEST)

    def update(self, block: Block) -> None:
        self._lowest.add(block.samples.min(axis=0))
        self._highest.add(block.samples.max(axis=0))

    def describe(self) -> Iterator[Finding]:
        if not self._lowest.heard:
            raise CannotDescribe("there is no sound in it")
        zooms = [self._zoom(factor) for factor in ZOOMS]
        yield self.peaks(np.concatenate(zooms))
        yield self.bins([len(zoom) // 2 for zoom in zooms])
        yield self.seconds_per_bin([factor * self._lowest.width / RATE for factor in ZOOMS])

    def _zoom(self, factor: int) -> NDArray[np.int64]:
        """The pairs of a zoom, one after the other."""
        pairs = np.stack([self._lowest.joined(factor), self._highest.joined(factor)], axis=1)
        known = np.nan_to_num(pairs.astype(float), nan=0.0)  # a sample that is no number is drawn as silence
        entries: NDArray[np.int64] = np.rint(SCALE * np.clip(known, -1, 1)).astype(np.int64).ravel()
        return entries
