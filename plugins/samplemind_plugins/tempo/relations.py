"""How a candidate tempo stands to its relatives: its double, its half, its thirds."""

import numpy as np

from .candidates import Curves
from .envelopes import ALL, HIGH, LOW
from .grid import GRID, Columns, Numbers, place
from .preference import prior

RELATIVES = (("x2", 2.0), ("/2", 1 / 2), ("x3", 3.0), ("/3", 1 / 3), ("x3/2", 3 / 2), ("x2/3", 2 / 3))
SAME = 0.04  # octaves


def relations(
    curves: Curves, similar: Numbers, spectral: Numbers, tempi: Numbers, inside: Numbers
) -> Columns:
    """The evidence of the curves and the tempograms they are made of; `inside` says which of GRID count."""
    here = np.array([_summit(curves.comb + 1e-3 * spectral[ALL], tempo) for tempo in tempi])
    columns = {}
    for name in ("comb", "both", "product"):
        curve = getattr(curves, name)
        columns[name] = _around(curve, here, 1) / _top(curve, inside)
    return columns | _rivals(curves.comb, tempi) | _octaves(similar, spectral, here, inside)


def _rivals(curve: Numbers, tempi: Numbers) -> Columns:
    """How strong a candidate is, and how strong its relatives are, given what listeners prefer."""
    places = np.array([place(tempo) for tempo in tempi])
    strength = np.maximum(_around(curve, places, 2), 1e-4) * prior(tempi)
    strength /= strength.max()
    columns = {"preferred": np.log(strength)}
    columns["rank"] = np.argsort(np.argsort(-strength, kind="stable")).astype(float)
    for name, times in RELATIVES:
        same = np.abs(np.log2(tempi[None] / (tempi[:, None] * times))) < SAME
        columns[f"related {name}"] = (same * strength).max(axis=1)
    return columns


def _octaves(similar: Numbers, spectral: Numbers, here: Numbers, inside: Numbers) -> Columns:
    """Whether onsets repeat better after a beat than after half of it or two, by register."""
    at = {times: np.array([place(GRID[one] * times) for one in here]) for times in (0.5, 1, 2, 3)}
    columns = {}
    for name, row in (("all", ALL), ("low", LOW), ("high", HIGH)):
        columns[f"over double {name}"] = similar[row, at[1]] - similar[row, at[2]]
        columns[f"half over {name}"] = similar[row, at[0.5]] - similar[row, at[1]]
    for name, row in (("all", ALL), ("high", HIGH)):
        height = _top(spectral[row], inside)
        thirds, halves = (np.maximum(similar[row, at[n]], spectral[row, at[n]] / height) for n in (3, 2))
        columns[f"thirds {name}"] = thirds - halves
    return columns


def _summit(curve: Numbers, tempo: float) -> int:
    """The index of the highest point within three steps of a tempo."""
    start = place(tempo) - 3
    return min(max(start + int(curve[start : start + 7].argmax()), 1), len(GRID) - 2)


def _around(curve: Numbers, places: Numbers, reach: int) -> Numbers:
    """The highest value within `reach` steps of each place."""
    highest: Numbers = np.max([curve[places + step] for step in range(-reach, reach + 1)], axis=0)
    return highest


def _top(curve: Numbers, inside: Numbers) -> float:
    return max(1e-3, float(np.where(inside, curve, 0).max()))
