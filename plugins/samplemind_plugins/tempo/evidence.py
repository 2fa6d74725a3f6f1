"""What speaks for each candidate tempo: one row of numbers each."""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from scipy.signal import find_peaks

from . import comb, pointer, pulses
from .bands import FPS
from .candidates import Curves, candidates, sharpened
from .envelopes import ALL, COMPLEX, FUNCTIONS, HIGH, LOW, autocorrelation
from .grid import GRID, Numbers, place, tempograms

CENTRE, WIDTH = 105.0, 0.9  # BPM, octaves: of the tempi that listeners prefer
SHORT = 13.0  # seconds; in longer sounds the length says nothing about the beat
PARTS, BEATS = 24, 4  # the onsets are folded over four beats of 24 parts


@dataclass(frozen=True)
class Evidence:
    """The candidates and what speaks for them."""

    tempi: Numbers  # BPM, shape (candidates,)
    sharp: Numbers  # the same, read more finely over a minute
    names: tuple[str, ...]
    values: Numbers  # shape (candidates, names)
    curve: Numbers  # comb salience of each of comb.LAGS in each window, shape (windows, lags)


def weigh(rows: Numbers, taps: Numbers, seconds: float, slowest: float, fastest: float) -> Evidence:
    """The evidence for each tempo from `slowest` to `fastest` BPM that onset functions suggest."""
    similar, spectral = tempograms(rows, HIGH + 1)
    curves, tapped = Curves.of(similar, spectral), pace(taps)
    tempi = candidates(curves, tapped, seconds, slowest, fastest)
    longest = int(min(12 * FPS, rows.shape[1] * 0.75))
    minute = autocorrelation(rows[:1, : int(60 * FPS)], longest)[0]
    sharp = [sharpened(minute, tempo) for tempo in tempi]
    inside = (slowest <= GRID) & (fastest >= GRID)
    saliences = np.mean([comb.salience(rows[row]) for row in FUNCTIONS], axis=0)
    every = [
        _grid_evidence(curves, similar, spectral, tempi, inside),
        _fold_evidence(rows, sharp),
        _length_evidence(rows, tempi, sharp, seconds),
        _witnesses(rows, saliences.mean(axis=0), spectral[FUNCTIONS][:, :], tempi, inside),
        _aubio_evidence(tapped, taps, tempi),
    ]
    columns = {name: values for part in every for name, values in part.items()}
    values = np.array(list(columns.values()), np.float64).T
    return Evidence(np.array(tempi), np.array(sharp), tuple(columns), values, saliences)


def prior(tempo: Numbers | float) -> Numbers:
    """How much listeners prefer a tempo, 1 at best."""
    preference: Numbers = np.exp(-0.5 * (np.log2(np.asarray(tempo) / CENTRE) / WIDTH) ** 2)
    return preference


def pace(taps: Numbers) -> float | None:
    """The tempo of taps at the given seconds, in BPM, by their median distance; None if there are too few."""
    return float(60 / np.median(np.diff(taps))) if len(taps) > 3 else None


Columns = dict[str, Numbers]


def _grid_evidence(
    curves: Curves, similar: Numbers, spectral: Numbers, tempi: list[float], inside: Numbers
) -> Columns:
    def top(curve: Numbers) -> float:
        return max(1e-3, float(np.where(inside, curve, 0).max()))

    def near(curve: Numbers, tempo: float) -> float:
        return float(curve[place(tempo) - 2 : place(tempo) + 3].max())

    preferred = np.array([max(near(curves.comb, tempo), 1e-4) * float(prior(tempo)) for tempo in tempi])
    preferred /= preferred.max()
    height = [top(row) for row in spectral]
    found: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)

    for tempo in tempi:
        here = place(tempo)
        here += int((curves.comb + 1e-3 * spectral[ALL])[here - 3 : here + 4].argmax()) - 3
        here = min(max(here, 1), len(GRID) - 2)
        times = {rate: place(float(GRID[here]) * rate) for rate in (0.5, 1, 2, 3)}
        for name, curve in (("comb", curves.comb), ("both", curves.both), ("product", curves.product)):
            note(name, float(curve[here - 1 : here + 2].max()) / top(curve))
        for rate, name in ((2, "x2"), (0.5, "/2"), (3, "x3"), (1 / 3, "/3"), (1.5, "x3/2"), (2 / 3, "x2/3")):
            related = [
                float(value)
                for other, value in zip(tempi, preferred, strict=True)
                if abs(np.log2(other / (tempo * rate))) < 0.04
            ]
            note(f"related {name}", max([0.0, *related]))
        for name, row in (("all", ALL), ("low", LOW), ("high", HIGH)):
            note(f"over double {name}", float(similar[row, times[1]] - similar[row, times[2]]))
            note(f"half over {name}", float(similar[row, times[0.5]] - similar[row, times[1]]))
        for name, row in (("all", ALL), ("high", HIGH)):
            thirds, halves = (
                max(similar[row, times[rate]], spectral[row, times[rate]] / height[row]) for rate in (3, 2)
            )
            note(f"thirds {name}", float(thirds - halves))
    columns = {name: np.array(values) for name, values in found.items()}
    columns["preferred"] = np.log(preferred)
    columns["rank"] = np.argsort(np.argsort(-preferred, kind="stable")).astype(float)
    return columns


def _fold_evidence(rows: Numbers, sharp: list[float]) -> Columns:
    found: dict[str, list[float]] = {}
    for tempo in sharp:
        folded = fold(rows[: HIGH + 1], tempo)
        beat = folded[ALL].mean(axis=0)
        on = folded[:, :, [-1, 0, 1]].max(axis=2)
        values = {
            "on beat": beat[0],
            "on half": beat[12],
            "on thirds": (beat[8] + beat[16]) / 2,
            "on quarters": (beat[6] + beat[18]) / 2,
        }
        for name, row in (("all", ALL), ("low", LOW), ("high", HIGH)):
            values[f"clear {name}"] = folded[row].mean(axis=0).std()
            swing = abs(on[row, 0] + on[row, 2] - on[row, 1] - on[row, 3])
            values[f"alternate {name}"] = swing / (on[row].sum() + 1e-6)
        low, high = on[LOW] - on[LOW].mean(), on[HIGH] - on[HIGH].mean()
        values["low with high"] = (low * high).sum() / (np.sqrt((low**2).sum() * (high**2).sum()) + 1e-6)
        for name, value in values.items():
            found.setdefault(name, []).append(float(value))
    return {name: np.array(values) for name, values in found.items()}


def fold(rows: Numbers, tempo: float) -> Numbers:
    """The rows folded over four beats from the strongest place on, shape (rows, BEATS, PARTS), mean 1.

    Up to three windows of 8 s, or two bars, aligned by correlation.
    """
    cells, bar = PARTS * BEATS, 60 * FPS / tempo * BEATS
    width = int(max(8 * FPS, 2 * bar))
    total = np.zeros((len(rows), cells))
    for start in range(0, max(1, rows.shape[1] - width // 2), width)[:3]:
        part = rows[:, start : start + width]
        cell = (np.arange(part.shape[1]) % bar / bar * cells).astype(int) % cells
        counts = np.bincount(cell, minlength=cells) + 1e-6
        folded = np.stack([np.bincount(cell, row, cells) for row in part]) / counts
        match = scipy.fft.irfft(scipy.fft.rfft(total[0]) * np.conj(scipy.fft.rfft(folded[0])), cells)
        total = total + np.roll(folded, int(match.argmax()), axis=1)
    smooth = total + 0.5 * np.roll(total, 1, 1) + 0.5 * np.roll(total, -1, 1)
    smooth = smooth / (smooth.mean(axis=1, keepdims=True) + 1e-9)
    strongest = int(smooth[ALL].reshape(BEATS, PARTS).mean(axis=0).argmax())
    turned: Numbers = np.roll(smooth, -strongest, axis=1).reshape(len(rows), BEATS, PARTS)
    return turned


def _length_evidence(rows: Numbers, tempi: list[float], sharp: list[float], seconds: float) -> Columns:
    strength = rows[ALL]
    onsets = len(peaks(strength)) / max(seconds, 0.5)
    beats = seconds * np.array(sharp) / 60
    power = 2.0 ** np.round(np.log2(np.maximum(beats, 0.6)))
    gate = 1 / (1 + np.exp(seconds - SHORT))
    columns = {
        "log tempo": np.log2(np.array(tempi) / 110),
        "onsets a beat": onsets * 60 / np.array(tempi),
        "off fours": _off(beats, 4),
        "off threes": _off(beats, 3),
        "off powers of 2": np.where(power >= 2, np.minimum(0.05, np.abs(beats / power - 1)), 0.05),
        "log beats": np.log2(beats),
    }
    for name in ("off fours", "off threes", "off powers of 2", "log beats"):
        columns[f"loop {name}"] = (columns[name] - columns[name].mean()) * gate
    return columns


def peaks(strength: Numbers) -> Numbers:
    """The frames of the onsets that stand out."""
    height = strength.mean() + 0.5 * strength.std()
    found: Numbers = find_peaks(strength, height=height, distance=4)[0]
    return found


def _off(beats: Numbers, group: int) -> Numbers:
    whole = np.maximum(1, np.round(beats / group)) * group
    off: Numbers = np.minimum(0.05, np.abs(beats - whole) / whole)
    return off


def _log(values: Numbers) -> Numbers:
    logs: Numbers = np.log(np.maximum(values, 1e-4))
    return logs


def _witnesses(
    rows: Numbers, curve: Numbers, spectral: Numbers, tempi: list[float], inside: Numbers
) -> Columns:
    likely = curve * prior(comb.TEMPI)
    salient = np.array([comb.at(curve, tempo) for tempo in tempi])
    top, top_likely = curve[comb.SHORTEST - 1 :].max() + 1e-12, likely[comb.SHORTEST - 1 :].max() + 1e-12
    train, follow = pulses.fit(rows[COMPLEX]), pointer.probability(rows[ALL])
    relative = spectral / (spectral[:, inside].max(axis=1, keepdims=True) + 1e-9)
    fourier = [relative[:, place(tempo) - 3 : place(tempo) + 4].max(axis=1).mean() for tempo in tempi]
    fitting = np.interp(tempi, pulses.TEMPI[::-1], train[::-1] / (train.max() + 1e-12), 0, 0)
    followed = np.interp(np.log(tempi), np.log(pointer.TEMPI[::-1]), follow[::-1] / follow.max())
    return {
        "salience": _log(salient / top),
        "posterior": _log(salient * prior(np.array(tempi)) / top_likely),
        "pulses": _log(fitting),
        "pointer": _log(followed),
        "fourier": _log(np.array(fourier)),
    }


def _aubio_evidence(tapped: float | None, taps: Numbers, tempi: list[float]) -> Columns:
    """Whether a candidate is the tempo that aubio taps, its half or its double, and how steadily it taps."""
    steps = np.diff(taps)
    columns: Columns = {}
    for name, times in (("aubio", 1.0), ("aubio half", 0.5), ("aubio double", 2.0)):
        columns[name] = np.zeros(len(tempi))
        if tapped:
            steady = float((np.abs(np.log2(steps * tapped / 60)) < 0.06).mean())
            columns[name] = steady * (np.abs(np.log2(np.array(tempi) / tapped / times)) < 0.06)
    return columns
