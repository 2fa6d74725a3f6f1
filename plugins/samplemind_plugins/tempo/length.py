"""What the length of a sound says about its tempo: a loop is filled by a whole number of beats."""

import numpy as np
from scipy.special import expit

from .grid import Columns, Numbers

SHORT = 13.0  # seconds; in longer sounds the length says nothing about the beat
FITS = (  # beats come in groups of so many, which must fit so closely, in sounds up to so many seconds
    (4, 0.02, SHORT),
    (2, 0.01, 8.0),
    (3, 0.008, 8.0),
)
LOOP = (4, 0.006, 60.0)  # the same of what is known to be a loop
WHOLE = 0.1  # BPM: so near a whole number, a tempo is one


def length_evidence(tempi: Numbers, seconds: float) -> Columns:
    """How well beats fill the sound; what starts with "loop" fades out towards longer sounds."""
    beats = seconds * tempi / 60
    power = 2.0 ** np.round(np.log2(np.maximum(beats, 0.6)))
    columns = {
        "off fours": _off(beats, 4),
        "off threes": _off(beats, 3),
        "off powers of 2": np.where(power >= 2, np.minimum(0.05, np.abs(beats / power - 1)), 0.05),
        "log beats": np.log2(beats),
    }
    loop = {f"loop {name}": (values - values.mean()) * shortness(seconds) for name, values in columns.items()}
    return columns | loop


def shortness(seconds: float) -> float:
    """How far a sound may be a loop, by its length: 1 if it is short, 0 if it is long, and a half at SHORT."""
    return float(expit(SHORT - seconds))


def _off(beats: Numbers, group: int) -> Numbers:
    whole = np.maximum(1, np.round(beats / group)) * group
    off: Numbers = np.minimum(0.05, np.abs(beats - whole) / whole)
    return off


def restated(tempo: float, seconds: float, loop: bool = False) -> float | None:
    """The tempo at which a whole number of beats fills a short sound or a loop, if one is near enough; else None.

    A tempo that is a whole number already is kept when the restated one is not: then the file is
    longer than its loop.
    """
    if seconds >= SHORT and not loop:
        return None
    beats = seconds * tempo / 60
    for group, tolerance, longest in (*FITS, LOOP) if loop else FITS:
        whole = round(beats / group) * group
        if seconds <= longest and whole >= group and abs(beats - whole) / whole < tolerance:
            exact = 60 * whole / seconds
            return None if _is_whole(tempo) and not _is_whole(exact) else exact
    return None


def _is_whole(tempo: float) -> bool:
    return abs(tempo - round(tempo)) < WHOLE
