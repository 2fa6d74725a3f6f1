"""Which of the regular places in the beat is the beat: what was tracked may be the hi-hat in between."""

import numpy as np

from samplemind_sdk import Samples

from .bands import FPS
from .beats import track
from .choice import normalised
from .grid import Numbers
from .loudness import after, frames_at, relative

OFFSETS = np.arange(4) / 4  # of a beat, from what was tracked
TO_START = 0.97  # how many loops begin on a beat
WINDOW = 0.1  # of a beat around a place: so near to it the beats are looked for once more


def phase_evidence(loud: Samples, beats: Numbers) -> Numbers:
    """For each of OFFSETS: how loud a quarter of a beat from there is, bass and all; and whether it was tracked."""
    step = float(np.median(np.diff(beats)))
    levels = [
        after(loud, frames_at(beats + offset * step), step * FPS / 4).mean(axis=1) for offset in OFFSETS
    ]
    return np.column_stack([relative(np.array(levels).T), OFFSETS == 0])


def place(evidence: Numbers, beats: Numbers, loop: float, weights: Numbers) -> tuple[float, float]:
    """The most probable of OFFSETS, and how probable it is, if the sound is a loop with a probability.

    Most loops begin on a beat.
    """
    step = float(np.median(np.diff(beats)))
    turns = (beats[0] / step + OFFSETS) % 1
    begins = np.arange(len(OFFSETS)) == np.minimum(turns, 1 - turns).argmin()
    likely = np.exp(normalised(evidence @ weights)) * starting(begins, loop)
    best = int(likely.argmax())
    return float(OFFSETS[best]), float(likely[best] / likely.sum())


def starting(begins: Numbers, loop: float) -> Numbers:
    """How likely a sound that is a loop with a probability starts so, given where a beat or bar begins with it."""
    others = (1 - TO_START) / (len(begins) - 1)
    chance: Numbers = loop * np.where(begins, TO_START, others) + (1 - loop) / len(begins)
    return chance


def moved(strength: Samples, period: Numbers, beats: Numbers, offset: float) -> Numbers:
    """The beats, looked for again near the places so far after those that were tracked."""
    if not offset:
        return beats
    beyond = np.arange(1, 9) * float(np.median(np.diff(beats)))
    known = frames_at(np.concatenate([beats[0] - beyond[::-1], beats, beats[-1] + beyond]))
    turns = np.interp(np.arange(len(strength)), known, np.arange(len(known)))
    away = (turns - offset + 0.5) % 1 - 0.5
    near = np.exp(-0.5 * (away / WINDOW) ** 2).astype(np.float32)
    return track(strength * near, period)
