"""Excerpts of pieces as the analyzer hears them, a little faster or slower, and the tempo of their beats."""

from dataclasses import dataclass

import numpy as np
from piece import Chance, Piece

from samplemind_plugins.tempo.bands import BANDS, FPS, Levels, levels
from samplemind_plugins.tempo.beats import EARLY
from samplemind_plugins.tempo.envelopes import HIGH, onsets
from samplemind_plugins.tempo.grid import Numbers, tempograms
from samplemind_plugins.tempo.memory import Heard
from samplemind_plugins.tempo.picture import draw
from samplemind_sdk import RATE, Cutter, Samples

STRETCH = 0.12  # natural logarithm of how much faster or slower at most
FEWEST = 4  # beats
STEADY = 0.004  # deviation of beat lengths, of their mean; loops are cut out of what is as steady


@dataclass(frozen=True)
class Excerpt:
    """What a network is shown, and what it is to say."""

    picture: Samples  # shape (17, 361)
    bpm: float
    unsteady: float  # deviation of the beats' lengths, of their mean


def excerpts(piece: Piece, sound: Samples, chance: Chance, count: int) -> list[Excerpt]:
    """Up to `count` excerpts: songs of 12 to 22 s, and half of what is steady as loops of 3.5 to 13 s."""
    heard = _levels(sound)
    beats = np.array([piece.seconds(beat) for beat in range(piece.beats + 1)])
    found = (_excerpt(heard, beats[beats < len(sound) / RATE], chance) for _ in range(count))
    return [one for one in found if one is not None]


def _levels(sound: Samples) -> Levels:
    cutter = Cutter(RATE)
    pushed = (*cutter.push(sound[None], sound[None]), *cutter.finish())
    return np.concatenate([levels(block) for block in pushed])


def _excerpt(heard: Levels, beats: Numbers, chance: Chance) -> Excerpt | None:
    """One of them; None if it has too few beats."""
    times = (beats - EARLY) * FPS + 1  # frames
    periods, faster = np.diff(times), float(np.exp(chance.uniform(-STRETCH, STRETCH)))
    if len(times) < FEWEST:
        return None
    loop = periods.std() < STEADY * periods.mean() and chance.random() < 0.5
    seconds = chance.uniform(3.5, 13) if loop else chance.uniform(12, 22)
    frames = min(int(seconds * FPS), int((len(heard) - 1) / faster))
    start = int(chance.integers(0, max(1, len(heard) - int(frames * faster))))
    if loop and chance.random() < 0.5:
        start = max(0, int(times[chance.integers(0, max(1, len(times) // 2))]))
        frames = min(frames, int((len(heard) - 1 - start) / faster))
    places = start + faster * np.arange(frames)
    inside = (times[(times >= start) & (times < start + faster * frames)] - start) / faster
    if len(inside) < FEWEST:
        return None
    lengths = np.diff(inside)
    rows = onsets(
        Heard((_changed(_read(heard, places), chance),), np.zeros(0, np.float32), (), 0, False, False)
    )
    picture = draw(rows, *tempograms(rows, HIGH + 1))
    return Excerpt(picture.astype(np.float16), 60 * FPS / np.median(lengths), lengths.std() / lengths.mean())


def _read(heard: Levels, places: Numbers) -> Samples:
    """Levels between frames, on straight lines."""
    before = np.minimum(places.astype(int), len(heard) - 2)
    share = (places - before)[:, None]
    read: Samples = heard[before] * (1 - share) + heard[before + 1] * share
    return read


def _changed(heard: Samples, chance: Chance) -> Levels:
    """Through another equaliser, duller, or with noise: other levels, in hundredths of a dB."""
    if chance.random() < 0.6:
        curve = np.cumsum(chance.normal(0, 250, 6))
        heard = heard + np.interp(np.arange(BANDS), np.linspace(0, BANDS - 1, 6), curve)
    if chance.random() < 0.25:
        top = int(chance.integers(14, 34))
        heard = heard - np.r_[np.zeros(top), np.linspace(300, 4_000, BANDS - top)]
    if chance.random() < 0.4:
        floor = heard.max() - chance.uniform(2_500, 6_000)
        heard = np.maximum(heard, floor + chance.normal(0, 250, heard.shape))
    return np.rint(heard).astype(np.int16)
