"""What speaks for each kind: the shape of a sound in time, its edges, its pulse, and what marks a voice."""

import numpy as np

from . import edges, pulses
from .memory import FPS, Matrix, Outline

DEPTH = 60.0  # dB: what lies deeper below the loudest band is not heard
AUDIBLE = -40.0  # dB below the loudest frame
FEWEST = 12  # frames; a shorter sound is heard with silence behind it
SYLLABLES = (2.0, 8.0)  # Hz: how fast the level of speech goes up and down
LOW, HIGH = slice(0, 7), slice(13, 21)  # bands: voices and fricatives, below 1 kHz and from 3 to 11 kHz


def evidence(outline: Outline) -> dict[str, float]:
    """All of it by name. None of it depends on the level."""
    bands = _audible(outline.bands)
    loudness = _loudness(bands)
    rise = pulses.rises(bands)
    return {
        "length": float(np.log2(max(outline.seconds, 0.02))),
        "beats": pulses.roundness(max(outline.seconds, 0.02)),
        "halves": pulses.likeness(bands) if len(bands) > 20 else 0.0,
        **_shape(loudness, outline.seconds),
        **_events(rise, outline.seconds),
        **pulses.fit(rise, outline.seconds),
        **pulses.periodicity(rise),
        **edges.describe(outline, bands),
        **_voice(bands, loudness),
    }


def _audible(bands: Matrix) -> Matrix:
    """The bands down to DEPTH, with silence behind a sound that is very short."""
    floor = bands.max() - DEPTH
    missing = max(0, FEWEST - len(bands))
    return np.pad(np.maximum(bands, floor), ((0, missing), (0, 0)), constant_values=floor)


def _loudness(bands: Matrix) -> Matrix:
    """Each frame's level in dB below the loudest frame, shape (frames,)."""
    levels = 10 * np.log10((10 ** (bands / 10)).sum(axis=1))
    return np.asarray(levels - levels.max())


def _shape(loudness: Matrix, seconds: float) -> dict[str, float]:
    heard = np.flatnonzero(loudness > AUDIBLE)
    power = 10 ** (loudness / 10)
    place = np.arange(len(power)) / len(power)
    early = max(1, int(0.3 * FPS))
    quarters = [10 * np.log10(float(part.mean()) + 1e-6) for part in np.array_split(power, 4)]
    return {
        "sounding": float(np.log2((heard[-1] - heard[0] + 1) / FPS)),
        "active": float((loudness > -30).mean()),
        "centre": float((place * power).sum() / power.sum()),
        "loudest_at": float(loudness.argmax() / len(loudness)),
        "early": float(power[:early].sum() / power.sum()),
        "fall": float(quarters[0] - quarters[3]) / 10,
        "spread": float(loudness.std()) / 10,
        "range": float(np.quantile(loudness, 0.95) - np.quantile(loudness, 0.1)) / 10,
        "rising": float(np.maximum(0, np.diff(loudness[early // 2 :])).sum() / (len(loudness) / FPS + 0.5))
        / 50,
    }


def _events(rise: pulses.Numbers, seconds: float) -> dict[str, float]:
    when, weak = pulses.onsets(rise, 0.3), pulses.onsets(rise, 0.0)
    gaps = np.diff(when)
    start = int(0.15 * FPS)
    later = float(rise[start:].max(initial=0)) if len(rise) > start else 0.0
    return {
        "onsets": float(np.log1p(len(when))),
        "rate": float(np.log1p(len(when) / max(seconds, 0.3))),
        "weak": float(np.log1p(len(weak))),
        "weak_rate": float(np.log1p(len(weak) / max(seconds, 0.3))),
        "uneven": float(gaps.std() / gaps.mean()) if len(gaps) > 2 else 1.0,
        "later": later / (float(rise.max()) + 1e-6),
    }


def _voice(bands: Matrix, loudness: Matrix) -> dict[str, float]:
    """Syllables, the change between voiced and unvoiced sounds, pauses, and movement of the spectrum."""
    loud = loudness > -30
    heard = bands[loud]
    power = 10 ** (heard / 10)
    centre = np.log2((power * np.arange(1, heard.shape[1] + 1)).sum(axis=1) / power.sum(axis=1))
    tilt = _level(heard[:, LOW]) - _level(heard[:, HIGH])
    change = np.abs(np.diff(bands, axis=0)).mean(axis=1)
    level: Matrix = np.asarray(10 ** (loudness / 20))
    share = power.mean(axis=0) / power.mean(axis=0).sum()
    return {
        "syllables": _share_of_syllables(level),
        "pauses": float((level < 0.5 * level.mean()).mean()),
        "deep_pauses": float((loudness < -35).mean()),
        "centre_spread": float(centre.std()),
        "centre_moves": float(np.abs(np.diff(centre)).mean()) if len(centre) > 1 else 0.0,
        "tilt": float(np.median(tilt)) / 10,
        "tilt_spread": float(tilt.std()) / 10,
        "change": float(change.mean()),
        "change_spread": float(change.std()),
        "bass": float(np.log10(share[:2].sum() + 1e-4)),
        "treble": float(np.log10(share[16:].sum() + 1e-4)),
        "peaky": float(np.abs(np.diff(heard, axis=1)).mean()) / 5,
    }


def _level(bands: Matrix) -> Matrix:
    return np.asarray(10 * np.log10((10 ** (bands / 10)).sum(axis=1)))


def _share_of_syllables(level: Matrix) -> float:
    points = max(256, len(level))
    power = np.abs(np.fft.rfft((level - level.mean()) * np.hanning(len(level)), points)) ** 2
    hertz = np.fft.rfftfreq(points, 1 / FPS)
    low, high = SYLLABLES
    return float(
        power[(hertz > low) & (hertz < high)].sum() / (power[(hertz > 0.3) & (hertz < 25)].sum() + 1e-9)
    )
