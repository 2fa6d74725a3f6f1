"""The spectrum as a drawing needs it: a small picture, brighter where there is more power."""

from collections.abc import Iterator

import numpy as np

from samplemind_sdk import RATE, Analyzer, Block, CannotDescribe, Finding, Output
from samplemind_sdk.features import HOP

from ..shape.bands import BANDS, centres, energies
from .columns import Columns

COLUMNS = 256  # at most
DARKEST = -96.0  # dB below a sine of full scale
BRIGHTEST = 255


class Spectrum(Analyzer):
    """The power of 48 mel bands over time, as a picture of at most 256 columns whatever the sound's length.

    `mel` has the columns one after the other, each from its lowest band to its highest: band b of
    column c is entry bands * c + b. 0 is -96 dB or less, 255 is 0 dB, the power of a sine of full scale;
    between them it is linear in dB. It is a measurement and no guess, so it has no confidence.
    """

    name, version = "spectrum", 1
    mel = Output(
        kind=int, many=True, low=0, high=BRIGHTEST,
        help="Column by column, lowest band first; 0 is -96 dB or less, 255 a full-scale sine",
    )  # fmt: skip
    columns = Output(kind=int, low=1, high=COLUMNS, help="How many columns there are")
    bands = Output(kind=int, low=1, help="How many bands each column has")
    seconds_per_column = Output(unit="s", low=0, help="How long a column is")
    frequencies = Output(many=True, unit="Hz", low=0, help="The middle of each band")

    def begin(self) -> None:
        self._powers = Columns(np.add, COLUMNS)

    def update(self, block: Block) -> None:
        self._powers.add(energies(block).astype(float))

    def describe(self) -> Iterator[Finding]:
        if not self._powers.heard:
            raise CannotDescribe("there is no sound in it")
        mean = self._powers.joined() / self._powers.counts()[:, None]
        level = 10 * np.log10(np.maximum(np.nan_to_num(mean), 1e-12))
        shade = np.clip((level - DARKEST) / -DARKEST, 0, 1)
        yield self.mel(np.rint(BRIGHTEST * shade).astype(int).ravel())
        yield self.columns(len(shade))
        yield self.bands(BANDS)
        yield self.seconds_per_column(self._powers.width * HOP / RATE)
        yield self.frequencies(np.round(centres(), 1))
