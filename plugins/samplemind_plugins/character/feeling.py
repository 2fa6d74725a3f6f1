"""How pleasant and how exciting a piece is likely felt to be: the two axes of J. A. Russell's circumplex."""

from collections.abc import Iterator
from typing import Any

from samplemind_sdk import Analyzer, CannotDescribe, Finding, Input, Output

from .scale import known, level, logit, octaves

MIDDLE_TEMPO = 124.0  # BPM: the median in Spotify's table of 9,012 songs
ENERGY_AROUSES, TEMPO_AROUSES = 0.8, 0.8
ENERGY_PLEASES, TEMPO_PLEASES, MAJOR_PLEASES = 0.1, 0.2, 0.4  # so weak because so little is explained
HELP = "Experimental: no labelled sound exists to measure how often it is right, so it has no confidence"


class Arousal(Analyzer):
    """How exciting a piece is: more for a fast tempo, and for what is loud, busy and bright.

    T. Eerola, A. Friberg and R. Bresin (Emotional expression in music: contribution, linearity, and
    additivity of primary musical cues, 2013) found these cues to add up; the weights here are judgement.
    """

    name, version = "arousal", 1
    energy: Any = Input("energy.level")
    bpm: Any = Input("tempo.bpm", optional=True)
    level = Output(low=0, high=1, help=HELP)

    def describe(self) -> Iterator[Finding]:
        """Say how exciting the piece is."""
        if not known(self.energy):
            raise CannotDescribe("its energy is not known")
        found = ENERGY_AROUSES * logit(self.energy.value)
        if known(self.bpm):
            found += TEMPO_AROUSES * octaves(self.bpm.value, MIDDLE_TEMPO)
        yield self.level(level(found))


class Valence(Analyzer):
    """How pleasant a piece is, in the sense of happy against sad: a weak guess.

    In made-up melodies, major and a fast tempo are heard as happy (Eerola, Friberg and Bresin 2013). In
    Spotify's table of 9,012 songs major and minor have the same valence, and tempo and loudness explain
    5 % of it. So the level stays near the middle.
    """

    name, version = "valence", 1
    energy: Any = Input("energy.level")
    bpm: Any = Input("tempo.bpm", optional=True)
    mode: Any = Input("key.mode", optional=True)
    level = Output(low=0, high=1, help=HELP)

    def describe(self) -> Iterator[Finding]:
        """Say how pleasant the piece is."""
        if not known(self.energy):
            raise CannotDescribe("its energy is not known")
        found = ENERGY_PLEASES * logit(self.energy.value)
        if known(self.bpm):
            found += TEMPO_PLEASES * octaves(self.bpm.value, MIDDLE_TEMPO)
        if known(self.mode):
            sure = 1.0 if self.mode.confidence is None else self.mode.confidence
            major = sure if self.mode.value == "major" else 1 - sure
            found += MAJOR_PLEASES * (major - 0.5)
        yield self.level(level(found))
