"""Music made of numbers: drums, bass, chords and a melody, in stereo, the same each time."""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 44_100
BEAT = 60 / 122  # seconds
CHORDS = ((57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62))  # A minor, F, C, G, as MIDI notes
Sound = NDArray[np.float32]


def play(seconds: float, seed: int = 1) -> Sound:
    """A piece of this length, shape (samples, 2), full scale 1.0."""
    chance = np.random.default_rng(seed)
    sound = np.zeros((int(seconds * RATE), 2), np.float32)
    for beat in range(int(seconds / BEAT)):
        start, chord = beat * BEAT, CHORDS[beat // 4 % 4]
        _add(sound, start, _kick() if beat % 2 == 0 else _snare(chance), 0.5)
        for half in (0, 0.5):
            _add(sound, start + half * BEAT, _hat(chance), 0.7)
            _add(sound, start + half * BEAT, _note(chord[0] - 24, 0.45 * BEAT, 6), 0.5)
        if beat % 4 == 0:
            for number, note in enumerate(chord):
                _add(sound, start, 0.5 * _note(note, 4 * BEAT, 12), 0.2 + 0.3 * number)
        melody = chord[int(chance.integers(3))] + 12
        _add(sound, start + BEAT / 2 * int(chance.integers(2)), 0.6 * _note(melody, BEAT / 2, 8), 0.35)
    return np.float32(0.8) * sound / np.abs(sound).max()


def write(path: Path, seconds: float, piece_seconds: float = 200) -> None:
    """A WAV file of this length, 16 bits; a longer piece repeats itself, so that little of it is held at once."""
    piece = (play(min(seconds, piece_seconds)) * 32_767).astype(np.int16)
    missing = int(seconds * RATE)
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_16") as file:
        while missing > 0:
            file.write(piece[:missing])
            missing -= len(piece)


def _add(sound: Sound, second: float, what: Sound, side: float) -> None:
    """Mix in at a place in time and between left (0) and right (1)."""
    start = int(second * RATE)
    heard = what[: len(sound) - start]
    sound[start : start + len(heard)] += heard[:, None] * np.array([1 - side, side], np.float32)


def _fade(seconds: float) -> Sound:
    """Time, in units of a decay that reaches -60 dB after `seconds`."""
    return np.exp(-6.9 * np.arange(int(seconds * RATE)) / RATE / seconds).astype(np.float32)


def _kick() -> Sound:
    fade = _fade(0.25)
    phase = np.cumsum(45 + 120 * fade**3) / RATE
    return (np.sin(2 * np.pi * phase) * fade).astype(np.float32)


def _snare(chance: np.random.Generator) -> Sound:
    fade = _fade(0.2)
    return 0.4 * fade * chance.standard_normal(len(fade)).astype(np.float32)


def _hat(chance: np.random.Generator) -> Sound:
    fade = _fade(0.05)
    return 0.2 * fade * np.diff(chance.standard_normal(len(fade) + 1)).astype(np.float32)


def _note(midi: float, seconds: float, partials: int) -> Sound:
    """A plucked note with harmonics, the higher the weaker."""
    time = np.arange(int(seconds * RATE)) / RATE
    hertz = 440 * 2 ** ((midi - 69) / 12)
    waves = (np.sin(2 * np.pi * hertz * number * time) / number**1.5 for number in range(1, partials + 1))
    return (0.4 * sum(waves) * _fade(2 * seconds)[: len(time)]).astype(np.float32)
