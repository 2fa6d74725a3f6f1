"""The chosen tempo, read as finely as the sound allows."""

import numpy as np

from .evidence import Evidence
from .grid import Numbers
from .length import restated

LEAST = 8  # beats
STEADY = 0.02  # of a beat: if the beats are nearer to a straight line, the line says the tempo
NEAR, NEARER = 0.02, 0.008  # how far, as a ratio, a finer reading may be from the candidate


def exact(evidence: Evidence, chosen: int, beats: Numbers, seconds: float, loop: bool = False) -> float:
    """The tempo of a candidate in BPM: from a loop's length, from steady beats, or from the autocorrelation."""
    tempo, sharp = float(evidence.tempi[chosen]), float(evidence.sharp[chosen])
    fine = sharp if abs(sharp / tempo - 1) < NEARER else tempo
    if len(beats) >= LEAST:
        line, off = _line(beats)
        if off < STEADY * 60 / tempo and abs(line / tempo - 1) < NEAR:
            fine = line
    return restated(fine, seconds, loop) or fine


def _line(beats: Numbers) -> tuple[float, float]:
    """The tempo in BPM of a straight line through the beats, and how far, in seconds, they are from it."""
    number = np.arange(len(beats))
    slope, offset = np.polyfit(number, beats, 1)
    return float(60 / slope), float(np.sqrt(np.mean((beats - offset - slope * number) ** 2)))
