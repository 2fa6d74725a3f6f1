"""How bright a sound is, as a number and as a word."""

import numpy as np

from samplemind_sdk import (
    RATE,
    Analyzer,
    CannotDescribe,
    Input,
    Output,
    Status,
    added,
    hookimpl,
    magnitude,
    parameter,
    stretches,
)

QUIET = -60.0  # LUFS; below it a recording's own noise may be what is heard
NEAR = 1.1  # a centroid within this factor of a border might lie on either side of it


class Brightness(Analyzer):
    """The spectral centroid: around which frequency the sound lies."""

    name, version = "brightness", 2
    floor = parameter(0.0, unit="Hz", low=0, high=1_000, help="What lies below is not heard: rumble, say.")
    centroid = Output(unit="Hz", low=0, high=RATE / 2, help="The mean frequency, weighted by magnitude.")

    def begin(self):
        self.spectrum = np.zeros(1_025)

    def update(self, block):
        self.spectrum = added(self.spectrum, stretches(magnitude(block)))

    def describe(self):
        frequencies = np.linspace(0, RATE / 2, len(self.spectrum))
        heard = self.spectrum * (frequencies >= self.floor)
        if not heard.any():
            raise CannotDescribe(f"there is no sound above {self.floor:g} Hz", Status.UNMEASURABLE)
        yield self.centroid(np.average(frequencies, weights=heard))


class Colour(Analyzer):
    """Whether a sound is dark, neutral or bright."""

    name = "colour"
    dark = parameter(1_000.0, unit="Hz", low=0, high=RATE / 2, help="A centroid below it is dark.")
    bright = parameter(4_000.0, unit="Hz", low=0, high=RATE / 2, help="A centroid above it is bright.")
    centroid = Input("brightness.centroid")
    loudness = Input("loudness.integrated", optional=True)
    word = Output(kind=str, choices=("dark", "neutral", "bright"), help="The colour.")

    def describe(self):
        hertz = self.centroid.value
        word = self.name_of(hertz)
        others = {self.name_of(hertz / NEAR), self.name_of(hertz * NEAR)} - {word}
        doubt = f"{hertz:.0f} Hz is near a border" if others else ""
        if self.loudness and self.loudness.value < QUIET:
            doubt = f"at {self.loudness.value:.0f} LUFS it may be noise that is heard"
        yield self.word(word, candidates=[(other, None) for other in sorted(others)], doubt=doubt)

    def name_of(self, hertz):
        return "dark" if hertz < self.dark else "bright" if hertz > self.bright else "neutral"


@hookimpl
def analyzers():
    return [Brightness, Colour]
