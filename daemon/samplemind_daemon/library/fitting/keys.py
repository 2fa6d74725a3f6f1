"""How well keys go together: by the notes that their scales share."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from samplemind_daemon.model import KEYS

SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10))  # semitones above the tonic: major, natural minor
FEWEST, ALL = 2, 7  # notes that two such scales share, at least and at most

Numbers = NDArray[np.float64]


@cache
def agreement() -> Numbers:
    """How well each of KEYS goes with each, shape (24, 24): 1 with the same notes, 0 a semitone or a tritone apart.

    Each step round the circle of fifths costs one of the seven notes.
    """
    notes = np.array([_notes(12 * mode + tonic) for mode in (0, 1) for tonic in range(12)])
    found: Numbers = (notes @ notes.T - FEWEST) / (ALL - FEWEST)
    return found


def expected(sample: Numbers, others: Numbers, shifts: NDArray[np.intp]) -> Numbers:
    """How well keys are expected to go with a sample's, shape (rows,).

    `sample` (24,) and `others` (rows, 24) say how likely each of KEYS is; `shifts` by how many semitones the
    others are moved.
    """
    moved = np.array([sample @ agreement()[:, _moved(shift)] for shift in range(12)])
    found: Numbers = np.einsum("ij,ij->i", others, moved[shifts % 12])
    return found


def likeliest(chances: Numbers) -> str:
    """The name of the likeliest key."""
    return KEYS[int(np.argmax(chances))]


def shifted(key: str, semitones: int) -> str:
    """The name of a key that is moved."""
    return KEYS[_moved(semitones)[KEYS.index(key)]]


def relation(first: str, second: str) -> str:
    """What two keys are to each other, in words."""
    (mode, tonic), (other_mode, other_tonic) = (divmod(KEYS.index(one), 12) for one in (first, second))
    shared = round(float(agreement()[KEYS.index(first), KEYS.index(second)]) * (ALL - FEWEST)) + FEWEST
    if first == second:
        return "the same key"
    if shared == ALL:
        return "relative keys, with the same notes"
    if tonic == other_tonic:
        return f"the same root in the other mode, with {shared} notes of {ALL} in common"
    if mode == other_mode and (tonic - other_tonic) % 12 in (5, 7):
        return f"a fifth apart, with {shared} notes of {ALL} in common"
    return f"{shared} notes of {ALL} in common"


def _notes(key: int) -> Numbers:
    mode, tonic = divmod(key, 12)
    found = np.zeros(12)
    found[[(tonic + step) % 12 for step in SCALES[mode]]] = 1
    return found


def _moved(semitones: int) -> list[int]:
    """Where each of KEYS is after a shift."""
    return [key // 12 * 12 + (key + semitones) % 12 for key in range(len(KEYS))]
