"""Made sounds without a tempo: noise, wind, hits at random times, babble and drones."""

import numpy as np
import scipy.signal
from labelled import Item, hear, item

from samplemind_plugins.tempo.grid import Numbers
from samplemind_sdk import RATE


def made(seed: int = 7) -> list[Item]:
    """The same 126 sounds for the same seed, as items whose bpm is 0."""
    chance = np.random.default_rng(seed)
    items = []
    for kind, count, make in (
        ("noise", 36, noise),
        ("wind", 20, wind),
        ("random hits", 24, hits),
        ("babble", 30, babble),
        ("drone", 16, drone),
    ):
        for number in range(count):
            length = int(chance.choice([5, 8, 15, 30]) * RATE)
            sound = make(chance, length).astype(np.float32)[None]
            items.append(item(f"{kind} {number}", kind, kind, 0, hear(sound, sound, RATE)))
    return items


def coloured(chance: np.random.Generator, length: int, slope: float) -> Numbers:
    """Noise whose power falls with the given power of frequency: 0 white, 1 pink, 2 brown."""
    spectrum = np.fft.rfft(chance.standard_normal(length))
    hertz = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 20)
    sound: Numbers = np.fft.irfft(spectrum * hertz ** (-slope / 2), length)
    return 0.1 * sound / sound.std()


def noise(chance: np.random.Generator, length: int) -> Numbers:
    """White, pink or brown noise."""
    return coloured(chance, length, float(chance.choice([0, 1, 2])))


def wind(chance: np.random.Generator, length: int) -> Numbers:
    """Pink noise that swells at random."""
    points = int(2 * length / RATE) + 2
    swell = np.interp(np.arange(length), np.linspace(0, length, points), chance.uniform(0.05, 1, points))
    return coloured(chance, length, 1) * swell


def hits(chance: np.random.Generator, length: int) -> Numbers:
    """Hits at the times of a Poisson process."""
    sound, mean = 1e-4 * chance.standard_normal(length), chance.uniform(0.15, 1)
    for time in np.cumsum(chance.exponential(mean, int(40 / mean))):
        place = sound[int(time * RATE) :][:4_000]
        decay = np.exp(-np.arange(len(place)) / chance.uniform(200, 2_000))
        place += 0.3 * chance.uniform(0.2, 1) * chance.standard_normal(len(place)) * decay
    return sound


def babble(chance: np.random.Generator, length: int) -> Numbers:
    """Something like speech: voiced syllables of irregular length, hisses and pauses."""
    sound, time, pitch = np.zeros(length), 0.0, chance.uniform(90, 220)
    while time < length / RATE - 0.5:
        seconds = min(chance.lognormal(np.log(0.17), 0.45), 0.6)
        place = sound[int(time * RATE) :][: int(seconds * RATE)]
        place += chance.uniform(0.4, 1) * _syllable(
            chance, len(place), pitch * (1 + 0.15 * chance.standard_normal())
        )
        if chance.random() < 0.4:
            hiss = place[: int(0.07 * RATE)]
            hiss += 0.3 * np.diff(chance.standard_normal(len(hiss) + 1)) * np.hanning(len(hiss))
        time += seconds + chance.choice([0, 0.02, 0.05, 0.35], p=[0.45, 0.25, 0.2, 0.1])
    return 0.3 * sound / np.abs(sound).max() + 1e-3 * chance.standard_normal(length)


def _syllable(chance: np.random.Generator, length: int, pitch: float) -> Numbers:
    voice = 0.6 * scipy.signal.sawtooth(2 * np.pi * pitch * np.arange(length) / RATE)
    voice += 0.1 * chance.standard_normal(length)
    for low, high in ((300, 900), (900, 2_500)):
        voice = 0.05 * voice + scipy.signal.lfilter(
            *scipy.signal.iirpeak(chance.uniform(low, high), 4, fs=RATE), voice
        )
    syllable: Numbers = voice * np.hanning(length) ** 0.4
    return syllable


def drone(chance: np.random.Generator, length: int) -> Numbers:
    """Four slowly wavering sines in a little noise."""
    time = np.arange(length) / RATE
    sound = 1e-3 * chance.uniform(0, 10) * coloured(chance, length, 1)
    for _ in range(4):
        waver = chance.uniform(0, 3) * np.sin(2 * np.pi * chance.uniform(0.05, 0.5) * time)
        sound += 0.1 * np.sin(2 * np.pi * chance.uniform(60, 1_500) * time + waver)
    return sound
