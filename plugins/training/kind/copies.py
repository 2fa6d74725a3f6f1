"""Changed copies of one-shots, as other machines, rooms and samplers could have made them."""

import numpy as np
import soxr
from scipy import signal
from sets import RATE, Sound

Rng = np.random.Generator


def copied(sound: Sound, rng: Rng) -> Sound:
    """As another machine could have made it, and now and then coarser, in a room, cut off or thinner."""
    heard = changed(sound, rng).astype(float)
    if rng.random() < 0.15:
        bits, most = rng.integers(6, 12), np.abs(heard).max() + 1e-9
        heard = np.round(heard / most * 2 ** (bits - 1)) / 2 ** (bits - 1) * most
    if rng.random() < 0.12:
        step = int(rng.integers(2, 4))
        heard = np.repeat(heard[::step], step)[: len(heard)]
    if rng.random() < 0.25:
        heard = _in_a_room(heard, rng)
    if rng.random() < 0.2:
        length = int(rng.uniform(0.06, 0.5) * RATE)
        if len(heard) > length:
            heard, fade = heard[:length].copy(), min(length // 3, 400)
            heard[-fade:] *= np.linspace(1, 0, fade)
    if rng.random() < 0.15:
        edge = np.exp(rng.uniform(np.log(30), np.log(200)))
        heard = signal.sosfilt(signal.butter(2, edge, "high", fs=RATE, output="sos"), heard)
    return np.asarray(heard)


def _in_a_room(sound: Sound, rng: Rng) -> Sound:
    """Followed by noise that fades and is dull."""
    length = int(rng.uniform(0.05, 0.6) * RATE)
    room = rng.normal(0, 1, length) * np.exp(-np.arange(length) / length * 5)
    room = signal.lfilter([1], [1, -rng.uniform(0, 0.7)], room)
    room /= np.sqrt((room**2).sum())
    later = int(rng.uniform(0, 0.02) * RATE)
    ringing = signal.fftconvolve(sound, room) * rng.uniform(0.05, 0.35)
    heard = np.zeros(len(ringing) + later)
    heard[: len(sound)] += sound
    heard[later : later + len(ringing)] += ringing
    return heard


def changed(sound: Sound, rng: Rng) -> Sound:
    """As another machine could have made it: pitch, tilt, decay, drive, a duller or uneven tone, noise."""
    heard = soxr.resample(sound, RATE, int(RATE * 2 ** rng.uniform(-0.35, 0.35)))
    heard = signal.lfilter([1, -rng.uniform(-0.5, 0.5)], [1], heard)
    if rng.random() < 0.5:
        heard = heard * np.exp(-np.arange(len(heard)) / RATE / rng.uniform(0.15, 1.5))
    if rng.random() < 0.4:
        heard = np.tanh(rng.uniform(1, 4) * heard / (np.abs(heard).max() + 1e-9))
    if rng.random() < 0.3:
        heard = signal.sosfilt(signal.butter(2, rng.uniform(6_000, 16_000), fs=RATE, output="sos"), heard)
    if rng.random() < 0.3:
        heard = heard + rng.normal(0, 10 ** rng.uniform(-4, -2.7), len(heard)) * np.abs(heard).max()
    if rng.random() < 0.2:
        hertz = np.exp(rng.uniform(np.log(100), np.log(8_000)))
        heard = heard + rng.uniform(-0.6, 1.5) * signal.lfilter(
            *signal.iirpeak(hertz, rng.uniform(0.7, 2), RATE), heard
        )
    return np.asarray(heard, np.float32)
