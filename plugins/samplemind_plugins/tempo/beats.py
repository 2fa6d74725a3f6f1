"""When the beats fall: the path through the onsets that keeps the tempo best, while the tempo may drift."""

import numpy as np

from samplemind_sdk import Samples

from .bands import FPS
from .comb import LAGS, SHORTEST, STEP, WINDOW
from .grid import Numbers

TIGHT = 400.0  # what it costs to leave the period, times the square of the logarithm of how far
DRIFT = 0.2  # octaves that the period may move away from the whole sound's
EARLY = 0.010  # seconds: the rise of a 46 ms frame peaks so much before its middle reaches the onset
LOOSE = 3.0  # how unwillingly the period changes from one window to the next


def periods(curve: Samples, tempo: float, frames: int) -> Numbers:
    """The beat's length around each frame, in frames: the likeliest path near the tempo through the windows.

    `curve` is what `comb.salience` found.
    """
    lag = 60 * FPS / tempo
    near = np.flatnonzero((np.abs(np.log2(LAGS / lag)) < DRIFT) & (LAGS >= SHORTEST))
    if len(near) < 3 or len(curve) < 2:
        return np.full(frames, lag)
    logs = np.log(curve[:, near] + 1e-6) - 2 * np.log2(LAGS[near] / lag)[None] ** 2 / DRIFT**2
    change = -LOOSE * (np.log2(LAGS[near][:, None] / LAGS[near][None]) * 50) ** 2 / 2
    path = _path(logs, change)
    middles = np.arange(len(curve)) * STEP + WINDOW / 2
    around: Numbers = np.interp(np.arange(frames), middles, LAGS[near][path].astype(float))
    return around


def _path(scores: Numbers, change: Numbers) -> Numbers:
    """The states, one a row of `scores`, whose scores and changes sum highest (Viterbi)."""
    total, before = scores[0], []
    for score in scores[1:]:
        reached = total[:, None] + change
        before.append(reached.argmax(axis=0))
        total = reached.max(axis=0) + score
    states = [int(total.argmax())]
    for step in reversed(before):
        states.append(int(step[states[-1]]))
    return np.array(states[::-1])


def track(strength: Samples, period: Numbers) -> Numbers:
    """The beats, in seconds from the start, of an onset function and the beat's length at each frame.

    After Ellis, "Beat Tracking by Dynamic Programming", J. New Music Research 36(1), 2007. Frames are
    taken a block at a time: all predecessors of a block lie before it.
    """
    count = len(strength)
    shortest, longest = max(1, int(0.8 * period.min())), int(np.ceil(1.25 * period.max()))
    lags = np.arange(shortest, longest + 1)
    onsets = strength / (strength.std() + 1e-9)
    score, before = np.zeros(count + longest), np.full(count, -1)
    for start in range(0, count, shortest):
        frames = np.arange(start, min(start + shortest, count))
        cost = TIGHT * np.log(lags[None] / period[frames, None]) ** 2
        reached = score[frames[:, None] - lags[None] + longest] - cost
        best = reached.argmax(axis=1)
        value = reached[np.arange(len(frames)), best]
        linked = (frames >= lags[best]) & (value > 0)
        score[frames + longest] = onsets[frames] + np.where(linked, value, 0)
        before[frames] = np.where(linked, frames - lags[best], -1)
    return _times(strength, _backwards(score[longest:], before, int(1.2 * period[-1])))


def _backwards(score: Numbers, before: Numbers, last: int) -> Numbers:
    tail = max(0, len(score) - last)
    frame, path = tail + int(score[tail:].argmax()), []
    while frame >= 0:
        path.append(frame)
        frame = int(before[frame])
    return np.array(path[::-1])


def _times(strength: Samples, frames: Numbers) -> Numbers:
    """Seconds of the peaks at frames, read between frames off a parabola."""
    inner = np.clip(frames, 1, len(strength) - 2)
    below, at, above = (strength[inner + step].astype(float) for step in (-1, 0, 1))
    peak = (at >= below) & (at >= above) & (at > 0) & (inner == frames)
    shift = np.where(peak, 0.5 * (below - above) / np.minimum(below - 2 * at + above, -1e-9), 0)
    return np.maximum(0, (frames - 1 + shift) / FPS + EARLY)
