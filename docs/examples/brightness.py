import numpy as np

from samplemind_sdk import RATE, Analyzer, CannotDescribe, Output, added, hookimpl, magnitude, stretches


class Brightness(Analyzer):
    """The spectral centroid: around which frequency the sound lies."""

    name, version = "brightness", 1
    centroid = Output(unit="Hz", low=0, high=RATE / 2)

    def begin(self):
        self.spectrum = np.zeros(1_025)

    def update(self, block):
        self.spectrum = added(self.spectrum, stretches(magnitude(block)))

    def describe(self):
        if not self.spectrum.any():
            raise CannotDescribe("silence has no spectrum")
        frequencies = np.linspace(0, RATE / 2, len(self.spectrum))
        yield self.centroid(np.average(frequencies, weights=self.spectrum))


@hookimpl
def analyzers():
    return [Brightness]
