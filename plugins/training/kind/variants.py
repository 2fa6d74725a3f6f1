"""What else the labelled sounds can become, with a label that is known because of how it was made."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy import signal
from sets import RATE, Item, Sound


def variants(item: Item, rng: np.random.Generator) -> Iterator[Item]:
    """Other sounds made from one of the corpora or of those played; few, and different ones each time."""
    if item.kind == "loop":
        yield from _of_loop(item, rng)
    elif item.kind == "song":
        yield from _of_song(item, rng)
    elif item.kind == "one-shot" and rng.random() < 0.25:
        gap = np.zeros(int(rng.uniform(0.02, 1.0) * RATE), np.float32)
        parts = [item.sound, gap] if rng.random() < 0.6 else [gap[: len(gap) // 8], item.sound]
        yield replace(item, sound=np.concatenate(parts), made="with silence")
    if rng.random() < 0.2:
        yield replace(item, sound=dulled(item.sound, rng), made="dulled")


def _of_loop(item: Item, rng: np.random.Generator) -> Iterator[Item]:
    """A loop stays one from another beat on, and repeated; cut anywhere it is an excerpt of music."""
    sound = item.sound
    if item.bpm and rng.random() < 0.5:
        beat = round(60 / item.bpm * RATE)
        start = beat * int(rng.integers(1, max(2, len(sound) // beat)))
        yield replace(item, sound=np.roll(sound, -start), made="from another beat")
    if len(sound) < 12 * RATE and rng.random() < 0.4:
        yield replace(item, sound=np.tile(sound, 2), made="twice")
    length = int(rng.uniform(8, 32) * RATE)
    start = int(rng.integers(len(sound)))
    whole = np.tile(sound, 2 + (start + length) // len(sound))
    yield replace(item, sound=whole[start : start + length], kind="song", made="cut anywhere")


def _of_song(item: Item, rng: np.random.Generator) -> Iterator[Item]:
    """A piece stays one when it is cut anywhere or faded; whole bars of a steady one are a loop."""
    sound = item.sound
    length = int(rng.uniform(8, 16) * RATE)
    if len(sound) > length:
        start = int(rng.integers(len(sound) - length))
        yield replace(item, sound=sound[start : start + length], made="cut anywhere")
    if rng.random() < 0.4:
        yield replace(item, sound=_faded(sound, rng), made="faded")
    if item.source == "played":  # many excerpts last whole seconds, which are whole beats of many tempi
        yield replace(
            item, sound=sound[: int(rng.choice([10, 15, 20, 24, 30, 30])) * RATE], made="whole seconds"
        )
    if item.source == "rendered_scores" and item.bpm:
        bar = 4 * 60 / item.bpm * RATE
        bars = int(rng.choice([1, 2, 4]))
        latest = int(len(sound) / bar) - bars
        if latest >= 1 and bars * bar < 16 * RATE:
            start = int(bar * rng.integers(1, latest + 1))
            yield replace(
                item, sound=sound[start : start + round(bars * bar)], kind="loop", made="whole bars"
            )


def _faded(sound: Sound, rng: np.random.Generator) -> Sound:
    whole = np.tile(sound, int(rng.integers(2, 7))).copy()
    opening, closing = int(0.3 * RATE), int(rng.uniform(1, 6) * RATE)
    whole[:opening] *= np.linspace(0, 1, opening, dtype=np.float32)
    whole[-closing:] *= np.linspace(1, 0, closing, dtype=np.float32)
    return whole


def dulled(sound: Sound, rng: np.random.Generator) -> Sound:
    """As over a telephone or a worn tape, with a little noise."""
    edge = rng.uniform(3_000, 9_000)
    filtered = signal.sosfilt(signal.butter(4, edge, fs=RATE, output="sos"), sound)
    noise = rng.normal(0, 10 ** rng.uniform(-5, -3), len(sound)) * np.abs(sound).max()
    return np.asarray(filtered + noise, np.float32)
