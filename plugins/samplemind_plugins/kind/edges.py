"""How a sound begins and ends, and whether its end goes on into its beginning."""

import numpy as np

from samplemind_sdk import Samples

from .memory import FPS, Matrix, Outline

NEAR = 4  # frames
FLOOR = -60.0  # dB below the mean


def describe(outline: Outline, bands: Matrix) -> dict[str, float]:
    """Levels of the edges in tens of dB over the mean, and what jumps between the end and the beginning."""
    mean = float(outline.levels.mean()) + 1e-12
    first, last = outline.levels, outline.last
    second = int(FPS)
    return {
        "starts": _over(first[:2], mean),
        "started": _over(first[:10], mean),
        "opened": _over(first[:second], mean),
        "attack": _over(first[2:10], mean) - _over(first[:1], mean),
        "closing": _over(last[-second:], mean),
        "ending": _over(last[-10:], mean),
        "ends": _over(last[-2:], mean),
        "fading": _over(last[-second // 4 :], mean) - _over(last[-second : -second // 4], mean),
        "jump": _jump(outline.head, outline.tail),
        "seam": _seam(bands),
    }


def _over(levels: Samples, mean: float) -> float:
    level = float(levels.mean()) if len(levels) else 0.0
    return max(FLOOR, 10 * float(np.log10(level / mean + 1e-9))) / 10


def _jump(head: Samples, tail: Samples) -> float:
    """The step from the last sample to the first, against the steps around it, as a logarithm."""
    around = np.concatenate([np.diff(tail[-500:]), np.diff(head[:500])])
    usual = float(np.sqrt((around**2).mean())) if len(around) else 0.0
    step = abs(float(head[0]) - float(tail[-1])) if len(head) else 0.0
    return float(np.log10(step / (usual + 1e-7) + 0.03))


def _seam(bands: Matrix) -> float:
    """How unlike the beginning is to the end, against how unlike any two places are; 0 is alike, 1 as any."""
    pieces = bands[: len(bands) // NEAR * NEAR].reshape(-1, NEAR, bands.shape[1]).mean(axis=1)
    if len(pieces) < 4:
        return 1.0
    apart = np.abs(pieces - np.roll(pieces, len(pieces) // 2, axis=0)).mean()
    wrapped = np.abs(bands[-NEAR:].mean(axis=0) - bands[2 : 2 + NEAR].mean(axis=0)).mean()
    return float(min(3.0, wrapped / (apart + 1e-3)))
