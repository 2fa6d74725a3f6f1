"""How energetic a sound is: loud, dense, busy and bright."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samplemind_sdk import (
    RATE,
    Analyzer,
    Block,
    CannotDescribe,
    Finding,
    Input,
    Output,
    added,
    magnitude,
    onset,
    stretches,
)
from samplemind_sdk.features import FRAME

from .scale import known, level, octaves, refuse_what_is_no_music

BINS = FRAME // 4 + 1  # up to 11,025 Hz, so that old and new recordings are compared in what both have
LOUD = 0.234  # for each LU; with MIDDLE_LOUDNESS what energy depends on in Spotify's table of 9,012 songs
MIDDLE_LOUDNESS = -10.5  # LUFS
SCALED = 0.75  # how far a file is brought to full scale before its loudness counts
BUSY, MIDDLE_RATE = 0.2, 3.4  # for each octave of onsets a second; middles: medians of songs of nine genres
MOVING, MIDDLE_FLUX = 0.2, 0.19  # for each octave of the mean of `onset`
BRIGHT, MIDDLE_CENTROID = 0.5, 2_000.0  # for each octave of the centroid, in Hz


class Energy(Analyzer):
    """How energetic a sound is, from its loudness, onsets, spectral flux and brightness.

    The dependence on loudness is fitted to Spotify's energy; the other weights are judgement, in the
    direction that listeners report (Gabrielsson and Lindstroem, The role of structure in the musical
    expression of emotions, 2010). Loudness is taken for a quarter as it is, for the rest as it would be
    with its peak at full scale, because the level of a file is more often an accident than meant.
    """

    name, version = "energy", 1
    lufs: Any = Input("loudness.integrated", optional=True)
    peak: Any = Input("loudness.sample_peak", optional=True)
    rate: Any = Input("onsets.rate", optional=True)
    kind: Any = Input("kind.label", optional=True)
    level = Output(
        low=0,
        high=1,
        help="Experimental: no labelled sound exists to measure how often it is right, so it has no confidence",
    )

    def begin(self) -> None:
        """Get ready to listen."""
        self.spectrum: NDArray[np.float64] = np.zeros(BINS)
        self.rises, self.frames, self.samples = np.zeros(()), 0, 0

    def update(self, block: Block) -> None:
        """Hear the next few seconds."""
        self.samples += block.length
        self.spectrum = added(self.spectrum, stretches(magnitude(block)[:, :BINS]))
        self.rises = added(self.rises, onset(block))
        self.frames += len(onset(block))

    def describe(self) -> Iterator[Finding]:
        """Say how energetic the sound is, or why that cannot be said."""
        refuse_what_is_no_music(self.kind, self.samples / RATE)
        if not self.spectrum.any():
            raise CannotDescribe("silence")
        if not known(self.lufs):
            raise CannotDescribe("its loudness is not known")
        peak = self.peak.value if known(self.peak) else 0.0
        loudness = self.lufs.value - SCALED * min(peak, 0.0)
        rate = self.rate.value if known(self.rate) else MIDDLE_RATE
        centroid = np.average(np.arange(BINS) * RATE / FRAME, weights=self.spectrum)
        found = LOUD * (loudness - MIDDLE_LOUDNESS)
        found += BUSY * octaves(rate, MIDDLE_RATE)
        found += MOVING * octaves(float(self.rises) / self.frames, MIDDLE_FLUX)
        found += BRIGHT * octaves(float(centroid), MIDDLE_CENTROID)
        yield self.level(level(found))
