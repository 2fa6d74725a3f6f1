"""Where bars begin."""

import numpy as np

from samplemind_sdk import Samples

from .bands import FPS
from .choice import normalised
from .grid import Numbers
from .loudness import after, frames_at, relative
from .phase import starting

BROAD = 2  # frames around a beat in which its onset is looked for


def downbeat_evidence(loud: Samples, low: Samples, beats: Numbers, size: int) -> Numbers:
    """For each beat of a bar of so many: how loud it is, bass and all, and how strongly the bass begins."""
    step = float(np.median(np.diff(beats))) * FPS
    frames = np.round(frames_at(beats)).astype(int)
    near = np.clip(frames[:, None] + np.arange(-BROAD, BROAD + 1), 0, len(low) - 1)
    each = np.vstack([after(loud, frames_at(beats), step / 2), low[near].max(axis=1)])
    return relative(np.array([each[:, first::size].mean(axis=1) for first in range(size)]).T)


def first_downbeat(evidence: Numbers, beats: Numbers, loop: float, weights: Numbers) -> tuple[int, float]:
    """Which of the first beats begins a bar, and how probable that is; most loops begin with one."""
    size, early = len(evidence), round(float(beats[0] / np.median(np.diff(beats))))
    likely = np.exp(normalised(evidence @ weights)) * starting((np.arange(size) + early) % size == 0, loop)
    first = int(likely.argmax())
    return first, float(likely[first] / likely.sum())
