"""What tells instruments apart: the spectrum, how it changes, and what strikes and dies away at once."""

import numpy as np

from ..kind.memory import FPS, Matrix

DEPTH = 60.0  # dB: what lies deeper below the loudest band is not heard
LOUD = -35.0  # dB below the loudest frame
SHORT = 4  # frames, 46 ms: a drum's noise is over by then, a string still sounds
FEWEST = 24  # frames; a shorter sound is heard with silence behind it
GROUPS = {
    "deep": slice(0, 2),
    "low": slice(2, 6),
    "middle": slice(6, 12),
    "high": slice(12, 18),
    "top": slice(18, 24),
}


def evidence(heard: Matrix) -> dict[str, float]:
    """All of it by name, of the bands in dB, shape (frames, bands). None of it depends on the level."""
    floor = heard.max() - DEPTH
    bands = np.pad(
        np.maximum(heard, floor), ((0, max(0, FEWEST - len(heard))), (0, 0)), constant_values=floor
    )
    levels = 10 * np.log10((10 ** (bands / 10)).sum(axis=1))
    loud = levels > levels.max() + LOUD
    return {**_spectrum(bands[loud]), **_strokes(bands), **_course(bands, levels)}


def _spectrum(bands: Matrix) -> dict[str, float]:
    """Each band's share of the energy, its spread in time, and how peaky spectra are."""
    power = (10 ** (bands / 10)).mean(axis=0)
    shares = 10 * np.log10(power / power.sum() + 1e-6)
    spread = bands.std(axis=0)
    steps = np.abs(np.diff(bands, axis=1))
    return {
        **{f"share{band:02}": float(one) / 20 for band, one in enumerate(shares)},
        **{f"spread{band:02}": float(one) / 10 for band, one in enumerate(spread[::2])},
        "peaky_low": float(steps[:, :10].mean()) / 5,
        "peaky_high": float(steps[:, 10:].mean()) / 5,
    }


def _strokes(bands: Matrix) -> dict[str, float]:
    """In each group of bands, how much rises and falls again within SHORT, how often, and how far it stays."""
    found: dict[str, float] = {}
    padded = np.pad(bands, ((SHORT, 2 * SHORT), (0, 0)), constant_values=float(bands.min()))
    before, at = padded[: len(bands)], padded[SHORT : SHORT + len(bands)]
    after, later = padded[2 * SHORT : 2 * SHORT + len(bands)], padded[3 * SHORT : 3 * SHORT + len(bands)]
    short = np.maximum(0, at - np.maximum(before, later))
    rise = np.maximum(0, at - before)
    for name, group in GROUPS.items():
        rises = rise[:, group].mean(axis=1)
        struck = rises >= max(6.0, 0.5 * float(rises.max()))
        found[f"short_{name}"] = float(short[:, group].mean()) / 5
        found[f"rise_{name}"] = float(rises.mean()) / 5
        found[f"most_{name}"] = float(np.quantile(rises, 0.98)) / 20
        found[f"often_{name}"] = float(struck.mean()) * 5
        lost = (at - after)[:, group].mean(axis=1)[struck]
        found[f"dies_{name}"] = float(np.median(lost)) / 10 if len(lost) else 0.0
        even = at[:, group].std(axis=1)[struck]
        found[f"even_{name}"] = float(np.median(even)) / 10 if len(even) else 0.0
    wide = (rise > 8).mean(axis=1)
    found["wide"] = float(np.quantile(wide, 0.98))
    found["widely"] = float(wide.mean()) * 5
    return found


def _course(bands: Matrix, levels: Matrix) -> dict[str, float]:
    """How the whole grows and fades."""
    top = int(levels.argmax())
    below = {depth: np.flatnonzero(levels[top:] < levels[top] - depth) for depth in (10, 30)}
    fades = {depth: int(found[0]) if len(found) else len(levels) - top for depth, found in below.items()}
    change = np.abs(np.diff(bands, axis=0)).mean(axis=1)
    return {
        "attack": float(np.log2(1 + top)) / 4,
        **{f"fades{depth}": float(np.log2(1 + frames)) / 4 for depth, frames in fades.items()},
        "change": float(change.mean()) / 2,
        "change_spread": float(change.std()) / 4,
        "length": float(np.log2(len(levels) / FPS)),
    }
