"""The colour of a sound: where in its spectrum it lies."""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from samplemind_sdk import (
    RATE,
    Analyzer,
    Block,
    CannotDescribe,
    Finding,
    Output,
    Samples,
    added,
    magnitude,
    power,
    stretches,
)
from samplemind_sdk.features import FRAME

from .bands import centres, energies

BRIGHT, WARM = 1_500.0, 250.0  # Hz
QUIETEST = 1e-6  # of full scale, -120 dBFS: what stays below is silence, as no converter is so quiet
ROLLOFF = 0.85  # of the energy
EVEN_FROM, EVEN_TO = 250.0, 10_000.0  # Hz that flatness is judged in; below it bands are too narrow, above it
# many files have nothing


class Timbre(Analyzer):
    """Where the spectrum lies and how even it is, over the whole sound; loud moments count most.

    Centroid, brightness and warmth are of the mean magnitude spectrum. Centroid and flatness are
    defined in G. Peeters, A large set of audio features for sound description, IRCAM 2004, section 6;
    brightness with its 1,500 Hz and rolloff with its 85 % in O. Lartillot and P. Toiviainen, A Matlab
    toolbox for musical feature extraction from audio, DAFx 2007. Warmth is our own: there is no standard.
    These are measurements and no guesses, so they have no confidence.
    """

    name, version = "timbre", 2
    centroid = Output(unit="Hz", low=0, high=RATE / 2, help="The mean frequency, weighted by magnitude")
    rolloff = Output(unit="Hz", low=0, high=RATE / 2, help="85 % of the energy lie below it")
    flatness = Output(low=0, high=1, help="From 250 Hz to 10 kHz: near 1 for white noise, 0 for a tone")
    brightness = Output(low=0, high=1, help="Share of the magnitude above 1,500 Hz")
    warmth = Output(low=0, high=1, help="Share of the magnitude below 250 Hz")

    def begin(self) -> None:
        self._magnitudes = self._powers = np.zeros(FRAME // 2 + 1)
        self._strongest = 0.0  # of all magnitudes
        self._evenness = np.zeros(2)  # the sums of energy, and of energy times flatness

    def update(self, block: Block) -> None:
        self._magnitudes = added(self._magnitudes, stretches(magnitude(block)))
        self._strongest = max(self._strongest, float(magnitude(block).max(initial=0)))
        self._powers = added(self._powers, stretches(power(block)))
        even = energies(block)[:, _even()]
        total = even.sum(axis=1, dtype=float)
        self._evenness = added(self._evenness, np.column_stack([total, total * _flatness(even)]))

    def describe(self) -> Iterator[Finding]:
        if not np.isfinite(self._magnitudes).all():
            raise CannotDescribe("a sample is not a number")
        everything = float(self._magnitudes.sum())
        if self._strongest < QUIETEST * FRAME / 4:  # that a sine of this level has, in a Hann window
            raise CannotDescribe("silence has no colour")
        hertz, bright, warm = (float(self._magnitudes @ one) / everything for one in _weights())
        yield self.centroid(round(hertz, 1))
        yield self.rolloff(round(_below(self._powers, ROLLOFF), 1))
        energy, evenness = map(float, self._evenness)
        if energy:
            yield self.flatness(round(min(1.0, evenness / energy), 4))
        else:
            yield self.flatness.withheld("there is nothing from 250 Hz to 10 kHz")
        yield self.brightness(round(min(1.0, bright), 4))
        yield self.warmth(round(min(1.0, warm), 4))


def _flatness(power: Samples) -> NDArray[np.float64]:
    """The geometric mean of power densities over their arithmetic mean, shape (frames,)."""
    density = power / _widths()
    mean = density.mean(axis=1, dtype=float)
    logs = np.log(np.maximum(density, np.float32(1e-30))).mean(axis=1, dtype=float)
    found: NDArray[np.float64] = np.exp(logs) / np.maximum(mean, 1e-30)
    return found


def _below(powers: NDArray[np.float64], share: float) -> float:
    """The frequency below which this share of the energy lies, in Hz."""
    sums = np.cumsum(powers)
    place = int(np.searchsorted(sums, share * sums[-1]))
    before = sums[place - 1] if place else 0.0
    return float((place - 0.5 + (share * sums[-1] - before) / powers[place]) * RATE / FRAME) if place else 0.0


@cache
def _weights() -> NDArray[np.float64]:
    """Of each bin its frequency, whether it is bright, whether it is warm; shape (3, bins)."""
    hertz = np.fft.rfftfreq(FRAME, 1 / RATE)
    return np.stack([hertz, hertz > BRIGHT, hertz < WARM])


@cache
def _even() -> NDArray[np.intp]:
    """The bands that flatness is judged in."""
    return np.flatnonzero((centres() > EVEN_FROM) & (centres() < EVEN_TO))


@cache
def _widths() -> Samples:
    """How wide these bands are, in Hz."""
    widths: Samples = np.gradient(centres())[_even()].astype(np.float32)
    return widths
