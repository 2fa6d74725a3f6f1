"""How well one can dance to a sound: a clear, regular beat at a tempo to dance to."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from samplemind_sdk import (
    RATE,
    Analyzer,
    Block,
    CannotDescribe,
    Finding,
    Input,
    Output,
    Samples,
    mel_power,
    mono,
)
from samplemind_sdk.features import HOP, MELS

from .pulse import beat_strength, steadiness
from .scale import known, level, refuse_what_is_no_music

LONGEST = 2 * 3_600 + 900  # seconds; 690 bytes are kept of each
# Danceability in Spotify's table of 9,012 songs, by their tempo: plugins/training/style/affect.py
STILL, TEMPO = -1.11, 1.99
MIDDLE_TEMPO, TEMPO_WIDTH = 114.0, 0.64  # BPM and octaves
BEAT, MIDDLE_BEAT = 2.5, 0.27  # judgement; the middles are medians of songs of nine genres
STEADY, MIDDLE_STEADY = 2.5, 0.19
LOUDNESS = 0.15  # power of the energy in a band: as a logarithm, nearly, but a gain changes no proportion


class Danceability(Analyzer):
    """How well one can dance to a sound, from the strength and steadiness of its beat, and from its tempo.

    Steadiness is what S. Streich and P. Herrera (Detrended fluctuation analysis of music signals:
    danceability estimation and further semantic characterization, AES 118, 2005) found to go with
    danceability. The curve over tempo is fitted to Spotify's danceability; the other weights are judgement.
    How loud the file is plays no part.
    """

    name, version = "danceability", 2
    bpm: Any = Input("tempo.bpm", optional=True)
    kind: Any = Input("kind.label", optional=True)
    level = Output(
        low=0,
        high=1,
        help="Experimental: no labelled sound exists to measure how often it is right, so it has no confidence",
    )

    def begin(self) -> None:
        """Get ready to listen."""
        self.onsets: list[Samples] = []
        self.levels: list[Samples] = []
        self.last: Samples = np.zeros((1, MELS), np.float32)
        self.samples = 0

    def update(self, block: Block) -> None:
        """Hear the next few seconds; of each frame its level and its rise are kept."""
        if self.samples > LONGEST * RATE:
            return
        self.samples += block.length
        whole = block.length // HOP
        self.onsets.append(self._rises(mel_power(block)[:whole]))
        frames = mono(block)[: whole * HOP].reshape(whole, HOP)
        self.levels.append(np.sqrt(np.einsum("ij,ij->i", frames, frames) / HOP))

    def _rises(self, power: Samples) -> Samples:
        """How much louder each frame is than the one before it, over all bands, shape (frames,)."""
        loud = np.concatenate([self.last, (100 * power) ** LOUDNESS])
        self.last = loud[-1:]
        rises: Samples = np.maximum(0, np.diff(loud, axis=0)).mean(axis=1)
        return rises

    def describe(self) -> Iterator[Finding]:
        """Say how danceable the sound is, or why that cannot be said."""
        refuse_what_is_no_music(self.kind, self.samples / RATE)
        levels = np.concatenate(self.levels)
        if not levels.any():
            raise CannotDescribe("silence")
        strength, steady = beat_strength(np.concatenate(self.onsets)), steadiness(levels)
        found = STILL + BEAT * (strength - MIDDLE_BEAT) + STEADY * (steady - MIDDLE_STEADY)
        if known(self.bpm):
            found += TEMPO * tempo_fitness(self.bpm.value)
        yield self.level(level(found))


def tempo_fitness(bpm: float) -> float:
    """1 at MIDDLE_TEMPO, and less the farther a tempo is from it, 0 to 1."""
    return math.exp(-0.5 * (math.log2(bpm / MIDDLE_TEMPO) / TEMPO_WIDTH) ** 2)
