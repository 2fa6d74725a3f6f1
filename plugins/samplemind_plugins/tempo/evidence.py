"""What speaks for each candidate tempo: one row of numbers each."""

from dataclasses import dataclass

import numpy as np

from samplemind_sdk import Samples

from . import comb, pulses
from .bands import FPS
from .candidates import Curves, candidates, sharpened
from .envelopes import ALL, COMPLEX, FUNCTIONS, HIGH, autocorrelation, peaks
from .folding import folded_evidence
from .grid import GRID, Columns, Numbers, place, tempograms
from .length import length_evidence
from .likelihood import log_likelihood
from .picture import draw
from .preference import prior
from .relations import relations


@dataclass(frozen=True)
class Evidence:
    """The candidates and what speaks for them."""

    tempi: Numbers  # BPM, shape (candidates,)
    sharp: Numbers  # the same, read more finely over the first minute
    names: tuple[str, ...]
    values: Numbers  # shape (candidates, names)
    heard: Numbers  # how likely the networks find a candidate, as a logarithm, shape (candidates,)
    contrast: Numbers  # how far a candidate's salience is above the mean, as a logarithm, shape (candidates,)
    salience: Numbers  # of each of comb.LAGS in each window, shape (windows, lags)

    def columns(self, names: tuple[str, ...]) -> Numbers:
        """The values of some names, shape (candidates, names)."""
        found: Numbers = self.values[:, [self.names.index(name) for name in names]]
        return found


def weigh(rows: Samples, taps: Numbers, seconds: float, slowest: float, fastest: float) -> Evidence:
    """The evidence for each tempo from `slowest` to `fastest` BPM that onset functions or aubio's taps suggest."""
    similar, spectral = tempograms(rows, HIGH + 1)
    curves = Curves.of(similar, spectral)
    tempi = np.array(candidates(curves, pace(taps), seconds, slowest, fastest))
    longest = int(min(12 * FPS, rows.shape[1] * 0.75))
    minute = autocorrelation(rows[:1, : int(60 * FPS)], longest)[0]
    sharp = np.array([sharpened(minute, tempo) for tempo in tempi])
    inside = (slowest <= GRID) & (fastest >= GRID)
    salience = _mean_salience(rows)
    columns = (
        relations(curves, similar, spectral, tempi, inside)
        | folded_evidence(rows, sharp)
        | length_evidence(sharp, seconds)
        | _speed(tempi, len(peaks(rows[ALL])) / max(seconds, 0.5))
        | _witnesses(rows, salience.mean(axis=0), spectral[FUNCTIONS], tempi, inside)
    )
    values = np.array(list(columns.values()), np.float64).T
    heard = log_likelihood(draw(rows, similar, spectral), tempi)
    contrast = _contrast(salience.mean(axis=0), tempi)
    return Evidence(tempi, sharp, tuple(columns), values, heard, contrast, salience)


def _mean_salience(rows: Samples) -> Samples:
    """The mean over FUNCTIONS, one after the other: of two hours each takes megabytes."""
    total = np.zeros(1, np.float32)
    for row in FUNCTIONS:
        total = total + comb.salience(rows[row])
    return total / np.float32(len(FUNCTIONS))


def pace(taps: Numbers) -> float | None:
    """The tempo of taps at the given seconds, in BPM, by their median distance; None if there are too few."""
    return float(60 / np.median(np.diff(taps))) if len(taps) > 3 else None


def _speed(tempi: Numbers, onsets: float) -> Columns:
    """How fast the candidates are, in themselves and against so many onsets a second."""
    octaves = np.log2(tempi / 110)
    return {"log tempo": octaves, "log tempo squared": octaves**2, "onsets a beat": onsets * 60 / tempi}


def _witnesses(rows: Samples, curve: Numbers, spectral: Numbers, tempi: Numbers, inside: Numbers) -> Columns:
    """What combs, pulse trains and Fourier transforms say, each on its own, as logarithms."""
    likely = curve * prior(comb.TEMPI)
    salient = np.array([comb.at(curve, tempo) for tempo in tempi])
    train = pulses.fit(rows[COMPLEX])
    relative = spectral / (spectral[:, inside].max(axis=1, keepdims=True, initial=0) + 1e-9)
    fourier = [relative[:, place(tempo) - 3 : place(tempo) + 4].max(axis=1).mean() for tempo in tempi]
    fitting = np.interp(tempi, pulses.TEMPI[::-1], train[::-1] / (train.max() + 1e-12), 0, 0)
    return {
        "salience": _log(salient / (curve.max() + 1e-12)),
        "posterior": _log(salient * prior(tempi) / (likely.max() + 1e-12)),
        "pulses": _log(fitting),
        "fourier": _log(np.array(fourier)),
    }


def _contrast(curve: Numbers, tempi: Numbers) -> Numbers:
    mean = curve[comb.SHORTEST - 1 :].mean() + 1e-12
    contrast: Numbers = np.log(np.array([comb.at(curve, tempo) for tempo in tempi]) / mean + 0.05)
    return contrast


def _log(values: Numbers) -> Numbers:
    logs: Numbers = np.log(np.maximum(values, 1e-4))
    return logs
