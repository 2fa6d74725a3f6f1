"""Sounds that are one note, and sounds that are not: chords, phrases, drums, noise."""

from dataclasses import dataclass
from random import Random

import numpy as np
from rendering import harm, render, soundfont
from score import DRUMS, Score

from samplemind_sdk import RATE, Samples

KINDS = {"note": 50, "boom": 6, "chord": 16, "phrase": 12, "drum": 20, "noise": 3}  # how often each is made
TONAL = range(112)  # General MIDI programs that play notes
PERCUSSION = range(27, 88)  # General MIDI keys of the drum channel
BOOM = 26, 50  # MIDI notes of bass drums that ring like a sine


@dataclass(frozen=True)
class Sounding:
    """A sound and the MIDI number of its only note, if it has one."""

    sound: Samples
    pitch: int | None
    kind: str
    voice: int = -1  # the program that plays it; -1 for none
    font: str = ""  # and the soundfont


def sounding(number: int) -> Sounding:
    """Sound number so and so, the same each time."""
    chance = Random(number + 20_000_000)
    kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
    if kind == "boom":
        return _boom(chance, number)
    if kind == "noise":
        return Sounding(_noise(number, chance.uniform(0.1, 3)), None, kind)
    score, program, pitch = Score(60), chance.choice(TONAL), chance.randint(26, 96)
    channel = DRUMS if kind == "drum" else 0
    score.voice(channel, 0 if kind == "drum" else program, chance.randint(60, 127))
    if kind == "drum":
        pitch = chance.choice(PERCUSSION)
    _play(score, chance, kind, channel, pitch)
    sound = _trimmed(render(score, number))
    voice = program if channel != DRUMS else -1
    return Sounding(sound, pitch if kind == "note" else None, kind, voice, soundfont(Random(~number)))


def _play(score: Score, chance: Random, kind: str, channel: int, pitch: int) -> None:
    """The same once or a few times; a phrase moves on, a chord holds other notes, too."""
    times = chance.choice((2, 3, 4, 6)) if kind == "phrase" else chance.choice((1, 1, 1, 2, 4))
    length = chance.uniform(0.15, 2.5) / (times if times > 2 else 1)
    others = [chance.choice((3, 4, 5, 7, 8, 9, 10, 15, 16, 19)) for _ in range(chance.choice((1, 2, 2, 3)))]
    for strike in range(times):
        at = strike * length
        moved = chance.choice((-5, -3, -2, 2, 3, 4, 7)) if kind == "phrase" and strike % 2 else 0
        score.note(channel, pitch + moved, chance.uniform(60, 120), at, at + length * chance.uniform(0.6, 1))
        for other in others if kind == "chord" else ():
            score.note(channel, pitch + other, chance.uniform(60, 110), at, at + length * 0.9)


def _boom(chance: Random, number: int) -> Sounding:
    """A bass drum as an analog circuit makes it: a sine that falls to its pitch and rings."""
    pitch, seconds = chance.randint(*BOOM), chance.uniform(0.4, 2)
    time = np.arange(int(seconds * RATE)) / RATE
    fall = 1 + chance.uniform(0, 4) * np.exp(-time / chance.uniform(0.003, 0.03))
    wave = np.sin(2 * np.pi * np.cumsum(440 * 2 ** ((pitch - 69) / 12) * fall) / RATE)
    fade = np.exp(-time * chance.uniform(2, 6) / seconds)
    return Sounding(harm((0.7 * wave * fade).astype(np.float32), number), pitch, "boom")


def _noise(number: int, seconds: float) -> Samples:
    """Noise of some colour that may fade."""
    chance = np.random.default_rng(number)
    time = np.arange(int(seconds * RATE)) / RATE
    noise = chance.standard_normal(len(time)) * np.exp(-time * chance.uniform(0, 10))
    return harm((0.1 * noise).astype(np.float32), number)


def _trimmed(sound: Samples) -> Samples:
    """Without what is inaudible at the end."""
    loud = np.nonzero(np.abs(sound) > 1e-3 * np.abs(sound).max())[0]
    return sound[: loud[-1] + 1] if len(loud) else sound
