"""Made rhythms whose beats are known: clicks, drums and loops."""

import numpy as np

from samplemind_sdk import RATE


def hits(times, seconds):
    """A click at each of the times, in seconds, shape (1, samples)."""
    chance, sound = np.random.default_rng(1), np.zeros(int(seconds * RATE), np.float32)
    for time in times:
        tail = sound[round(time * RATE) :][:2_000]
        tail += 0.2 * chance.standard_normal(len(tail)) * np.exp(-np.arange(len(tail)) / 400)
    return sound[None]


def drum(kind, length=RATE // 4):
    """A bass drum, a snare drum or a hi-hat, shape (length,)."""
    time, chance = np.arange(length) / RATE, np.random.default_rng(2)
    if kind == "bass":
        return 0.8 * np.sin(2 * np.pi * (50 * time + 3 * (1 - np.exp(-40 * time)))) * np.exp(-18 * time)
    hiss = np.diff(chance.standard_normal(length + 1))
    return (0.25 if kind == "snare" else 0.08) * hiss * np.exp(-time * (20 if kind == "snare" else 90))


def loop(bpm, bars=2):
    """A rock beat that fills exactly so many bars, shape (1, samples)."""
    beat = 60 / bpm
    sound = np.zeros(round(4 * bars * beat * RATE) + RATE, np.float32)
    for eighth in range(8 * bars):
        kinds = [
            "hat",
            *(["bass"] if eighth % 8 in (0, 4, 5) else []),
            *(["snare"] if eighth % 4 == 2 else []),
        ]
        for kind in kinds:
            place = sound[round(eighth * beat / 2 * RATE) :][: RATE // 4]
            place += drum(kind)
    sound[:RATE] += sound[-RATE:]
    return sound[None, :-RATE]


def pattern(drums, bpm, bars, steps):
    """Drums at so many steps of a bar of so many beats, as {kind: steps}, shape (1, samples)."""
    beats, step = steps
    length = 60 / bpm * beats / step
    sound = np.zeros(round(bars * step * length * RATE) + RATE, np.float32)
    for bar in range(bars):
        for kind, places in drums.items():
            for place in places:
                here = sound[round((bar * step + place) * length * RATE) :][: RATE // 4]
                here += drum(kind)
    return sound[None, :-RATE]


def house(bpm=124, bars=4):
    """A bass drum on each beat, and a hi-hat and a bass note between, that are as loud together."""
    sound = pattern({"bass": range(0, 8, 2), "hat": range(1, 8, 2)}, bpm, bars, (4, 8))
    time = np.arange(RATE // 5) / RATE
    note = 0.2 * sum(np.sin(2 * np.pi * 55 * part * time) / part for part in (1, 2, 3)) * np.exp(-15 * time)
    for beat in range(4 * bars):
        here = sound[0, round((beat + 0.5) * 60 / bpm * RATE) :][: len(note)]
        here += note[: len(here)].astype(np.float32)
    return sound


def off(found, true):
    """How far each beat is from the nearest true one, in seconds."""
    return np.abs(np.array(found)[:, None] - np.array(true)[None]).min(axis=1)
