"""What is heard of one stroke: how it grows and fades, where its energy lies and moves, and what pitch it has."""

from functools import cache
from itertools import pairwise

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from samplemind_sdk import RATE, Samples

from .partials import pitches
from .picture import picture

Numbers = NDArray[np.float64]

LONGEST = int(2.5 * RATE)  # samples from the attack on
ONSET = 0.03  # of the peak: from here on it sounds
BEFORE = 88  # samples, 2 ms
STEP = 220  # samples, 5 ms
FRAME = 1_024  # samples
SHIFT, TILT = 0.12, 0.2  # octaves, and the share of the sample before: how far the versions differ
SEGMENTS = ((0.0, 0.02), (0.02, 0.06), (0.06, 0.15), (0.15, 0.4))  # s: attack, body, decay, tail
EDGES = (20, 60, 100, 160, 250, 400, 630, 1_000, 1_600, 2_500, 4_000, 6_300, 9_000, 12_500, 17_000)  # Hz
NOISY = ((100, 1_000), (1_000, 5_000), (5_000, 16_000))  # Hz: where flatness is measured
CEPSTRUM, MELS = 13, 40
FREQUENCIES = np.fft.rfftfreq(FRAME, 1 / RATE)


def versions(sound: Samples) -> tuple[Numbers, Numbers, Numbers]:
    """The sound, and as two other machines might have made it: lower and brighter, higher and duller."""
    whole = sound.astype(float)
    return whole, _tilted(_pitched(whole, -SHIFT), TILT), _tilted(_pitched(whole, SHIFT), -TILT)


def _pitched(sound: Numbers, octaves: float) -> Numbers:
    places = np.arange(0, len(sound) - 1, 2**octaves)
    return np.interp(places, np.arange(len(sound)), sound) if len(places) else sound


def _tilted(sound: Numbers, share: float) -> Numbers:
    return sound - share * np.concatenate([[0.0], sound[:-1]])


def hear(sound: Numbers) -> tuple[dict[str, float], Numbers]:
    """The evidence by name and a picture, of a sound of shape (length,) that is not silent; level does not matter."""
    struck = _struck(sound)
    power = _power(struck)
    return _evidence(struck, power), picture(power @ _mel_bank().T)


def _evidence(struck: Numbers, power: Numbers) -> dict[str, float]:
    envelope = _envelope(struck)
    decibels = 20 * np.log10(envelope / envelope.max())
    return {
        **_growth(struck, envelope, decibels),
        **_spectra(power),
        **_cepstrum(power, decibels),
        **pitches(struck),
        **_crossings(struck),
    }


def _struck(sound: Numbers) -> Numbers:
    """From shortly before the attack on, with a peak of 1 and without an offset."""
    centred = sound - sound.mean()
    size = np.abs(centred)
    first = int(np.argmax(size > ONSET * size.max()))
    cut = centred[max(0, first - BEFORE) :][:LONGEST]
    return np.asarray(cut / (np.abs(cut).max() + 1e-9))


def _envelope(struck: Numbers) -> Numbers:
    """The root mean square of each STEP."""
    padded = np.pad(struck, (0, -len(struck) % STEP)).reshape(-1, STEP)
    return np.asarray(np.sqrt((padded**2).mean(axis=1)) + 1e-9)


def _growth(struck: Numbers, envelope: Numbers, decibels: Numbers) -> dict[str, float]:
    """Attack, decay, and bursts: a clap has several."""
    top, power = int(np.argmax(envelope)), envelope**2
    seconds = np.arange(len(envelope)) * STEP / RATE
    above = {level: np.flatnonzero(decibels > -level) for level in (10, 20, 40)}
    early = {share: power[: max(1, int(share / 0.005))].sum() for share in (0.01, 0.03, 0.1, 0.25)}
    after = min(len(decibels), top + 20)
    return {
        "attack": float(np.log10(0.005 + top * 0.005)),
        **{f"decay{level}": float(np.log10(0.005 + heard[-1] * 0.005)) for level, heard in above.items()},
        **{f"filled{level}": len(above[level]) / (above[level][-1] + 1) for level in (10, 20)},
        "centre": float(np.log10((seconds * power).sum() / power.sum() + 0.003)),
        "crest": float(-0.5 * np.log10((struck[: RATE // 10] ** 2).mean() + 1e-9)),
        **{f"early{share}": float(energy / power.sum()) for share, energy in early.items()},
        "bumps": float(np.maximum(np.diff(decibels[:16])[1:], 0).sum() / 10),
        "slope": float((decibels[after - 1] - decibels[top]) / 100),
    }


def _power(struck: Numbers) -> Numbers:
    """The power spectrum every STEP, frames centred; shape (frames, FRAME // 2 + 1)."""
    least = int(SEGMENTS[-1][1] * 1.05 * RATE)
    padded = np.pad(struck, (FRAME // 2, FRAME // 2 + max(0, least - len(struck))))
    window = np.hanning(FRAME + 1)[:-1]
    spectra = scipy.fft.rfft(sliding_window_view(padded, FRAME)[::STEP] * window)
    return np.asarray(np.abs(spectra) ** 2)


def _spectra(power: Numbers) -> dict[str, float]:
    """Level, centre, width and noisiness of each segment, and the share of bands in attack, body and all."""
    seconds = np.arange(len(power)) * STEP / RATE
    parts = [power[(seconds >= start) & (seconds < end)].mean(axis=0) + 1e-12 for start, end in SEGMENTS]
    whole = np.log10(sum(part.sum() for part in parts))
    found: dict[str, float] = {}
    for number, part in enumerate(parts):
        found[f"level{number}"] = float(max(np.log10(part.sum()) - whole, -6))
        found |= {f"{name}{number}": value for name, value in _form(part).items()}
    mixed = np.average(parts, axis=0, weights=(0.1, 0.2, 0.35, 0.35))
    for name, part in (("attack", parts[0]), ("body", parts[1] + parts[2]), ("all", mixed)):
        found |= {f"{name}_{band}": share for band, share in enumerate(_shares(part))}
    return found


def _form(part: Numbers) -> dict[str, float]:
    total = part.sum()
    centre = (FREQUENCIES * part).sum() / total
    spread = np.sqrt(((FREQUENCIES - centre) ** 2 * part).sum() / total)
    below = np.cumsum(part) / total
    high, low = (
        FREQUENCIES[min(len(below) - 1, int(np.searchsorted(below, share)))] for share in (0.85, 0.25)
    )
    found = {"centroid": centre, "spread": spread, "high": high, "low": low}
    logs = {name: float(np.log10(hertz + 20)) for name, hertz in found.items()}
    for start, end in NOISY:
        band = part[(start <= FREQUENCIES) & (end > FREQUENCIES)]
        logs[f"flat_{start}_"] = float(np.exp(np.log(band).mean()) / band.mean())
    return logs


def _shares(part: Numbers) -> list[float]:
    """The share of each band between EDGES in the energy, as a logarithm."""
    bounds = [(low, max(high, low + 1)) for low, high in pairwise(np.searchsorted(FREQUENCIES, EDGES))]
    return [float(np.log10(part[low:high].sum() / part.sum() + 1e-6)) for low, high in bounds]


def _cepstrum(power: Numbers, decibels: Numbers) -> dict[str, float]:
    """How much the cepstrum moves while it sounds."""
    sounding = max(4, int((0.005 + np.flatnonzero(decibels > -40)[-1] * 0.005) * RATE / STEP) + 1)
    heard = power[:sounding]
    mels = 10 * np.log10(np.maximum(heard @ _mel_bank().T, 1e-9))
    coefficients = scipy.fft.dct(np.maximum(mels, mels.max() - 70), norm="ortho", axis=1)[:, :CEPSTRUM]
    weights = np.sqrt(heard.sum(axis=1))[:, None] / np.sqrt(heard.sum(axis=1)).sum()
    mean = (coefficients * weights).sum(axis=0)
    spread = np.sqrt(((coefficients - mean) ** 2 * weights).sum(axis=0))
    return {f"moves{number}": float(one) / 15 for number, one in enumerate(spread)}


@cache
def _mel_bank() -> Numbers:
    """Triangles of equal area from 20 Hz to 18 kHz, evenly spaced in mels, shape (MELS, FRAME // 2 + 1)."""
    lowest, highest = (2595 * np.log10(1 + hertz / 700) for hertz in (20, 18_000))
    mels = np.linspace(lowest, highest, MELS + 2)
    edges = 700 * (10 ** (mels / 2595) - 1)
    rise = (FREQUENCIES - edges[:-2, None]) / np.diff(edges)[:-1, None]
    fall = (edges[2:, None] - FREQUENCIES) / np.diff(edges)[1:, None]
    bank = np.maximum(0, np.minimum(rise, fall))
    return np.asarray(bank * (2 / (edges[2:] - edges[:-2]))[:, None])


def _crossings(struck: Numbers) -> dict[str, float]:
    """How often the sign changes in the first 200 ms, a sample: at first, on the whole, and how unevenly."""
    changes = np.abs(np.diff(np.signbit(struck[: RATE // 5]).astype(float)))
    pieces = changes[: len(changes) // 441 * 441].reshape(-1, 441).mean(axis=1)
    if not len(pieces):
        pieces = np.array([changes.mean() if len(changes) else 0.0])
    return {
        "crossings_first": float(pieces[0]),
        "crossings": float(pieces.mean()),
        "crossings_spread": float(pieces.std()),
    }
