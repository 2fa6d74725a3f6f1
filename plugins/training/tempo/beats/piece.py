"""A piece of music whose every beat is known: notes in beats, and when each beat falls."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

DRUMS = 9  # the channel that General MIDI keeps for them
Chance = np.random.Generator


@dataclass(frozen=True)
class Note:
    """One note; start and end in beats."""

    channel: int
    pitch: int  # MIDI number
    velocity: float
    start: float
    end: float


@dataclass
class Piece:
    """Notes, the instruments that play them, and how they keep time."""

    style: str
    bpm: float
    bar: int  # beats
    beats: int
    jitter: float = 0.0  # seconds that single notes are early or late, standard deviation
    notes: list[Note] = field(default_factory=list)
    voices: dict[int, tuple[int, int]] = field(default_factory=dict)  # channel: program and volume
    clock: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))  # seconds of each beat

    def voice(self, channel: int, program: int, volume: int) -> None:
        """Give a channel its instrument (General MIDI, from 0) and its volume, 0 to 127."""
        self.voices[channel] = (int(program), int(volume))

    def note(self, channel: int, pitch: int, velocity: float, start: float, end: float) -> None:
        """Add a note; one that is out of range, after the end or without length is left out."""
        if end > start and 0 <= pitch < 128 and 0 <= start < self.beats:
            self.notes.append(Note(channel, int(pitch), float(velocity), float(start), float(end)))

    def seconds(self, beat: float) -> float:
        """When a beat, or a place between two, falls."""
        return float(np.interp(beat, np.arange(len(self.clock)), self.clock))


def length_in_beats(bpm: float, bar: int, seconds: float) -> int:
    """Whole bars that fill so many seconds."""
    return (int(np.ceil(seconds * bpm / 60 / bar)) + 1) * bar


def keep_time(piece: Piece, chance: Chance, looseness: float) -> None:
    """Set the clock and the jitter: 0 is a machine, 1 a player who leans on phrases, more is rubato.

    The logarithm of the tempo wanders (an Ornstein-Uhlenbeck process), slows at the ends of phrases, and is
    a little different at each beat; some pieces slow down at their end.
    """
    count = piece.beats + 8
    wander, speed = chance.uniform(0.01, 0.06) * looseness, np.zeros(count)
    for beat in range(1, count):
        speed[beat] = 0.93 * speed[beat - 1] + 0.37 * wander * chance.standard_normal()
    phrase = piece.bar * int(chance.choice([2, 4, 4, 8]))
    within = np.arange(count) % phrase / phrase
    speed += chance.uniform(0, 0.12) * looseness * (0.4 - (2 * within - 1) ** 2)
    speed += chance.uniform(0.003, 0.025) * looseness * chance.standard_normal(count)
    if looseness > 0 and chance.random() < 0.13:
        speed[-16:] -= np.linspace(0, chance.uniform(0.2, 0.6), 16)
    piece.clock = np.concatenate([[0], np.cumsum(60 / piece.bpm * np.exp(-speed))])
    piece.jitter = (
        chance.uniform(0, 0.004) if looseness == 0 else chance.uniform(0.004, 0.02) * (0.5 + looseness / 2)
    )
