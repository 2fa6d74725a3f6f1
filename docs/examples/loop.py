"""Makes a house loop to try things on: four bars in A minor at 124 BPM. python loop.py TARGET.wav"""

import sys

import numpy as np
import soundfile

RATE, BPM, BARS = 44_100, 124, 4
BEAT = 60 / BPM  # seconds
MINOR, SEVENTH = (57, 60, 64), (53, 57, 60)  # MIDI notes of A minor and F major

sound = np.zeros(round(BARS * 4 * BEAT * RATE))


def add(beat: float, length: float, wave: "np.typing.ArrayLike") -> None:
    """Mix a wave in, cut to its length in seconds and to the loop."""
    start = round(beat * BEAT * RATE)
    part = sound[start : start + round(length * RATE)]
    part += np.asarray(wave)[: len(part)]


def note(midi: float, length: float, level: float, partials: int = 6) -> "np.typing.NDArray[np.float64]":
    """A plucked saw of a few partials."""
    time = np.arange(round(length * RATE)) / RATE
    hertz = 440 * 2 ** ((midi - 69) / 12)
    waves = [np.sin(2 * np.pi * hertz * part * time) / part for part in range(1, partials + 1)]
    return level * np.sum(waves, axis=0) * np.exp(-4 * time / length)


time = np.arange(RATE // 2) / RATE
kick = 0.7 * np.sin(2 * np.pi * (45 * time + 6 * (1 - np.exp(-40 * time)))) * np.exp(-9 * time)
hat = 0.08 * np.random.default_rng(1).standard_normal(len(time)) * np.exp(-60 * time)
for beat in range(BARS * 4):
    chord = SEVENTH if beat // 4 == 2 else MINOR
    add(beat, 0.4, kick)
    add(beat + 0.5, 0.1, hat)
    add(beat + 0.5, 0.22, note(chord[0] - 24, 0.22, 0.25, partials=3))
    for midi in chord if beat % 2 == 0 else ():
        add(beat, 0.9 * BEAT, note(midi, 0.9 * BEAT, 0.07))

soundfile.write(sys.argv[1], 0.9 * sound / np.abs(sound).max(), RATE, subtype="PCM_16")
