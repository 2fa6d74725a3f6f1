"""The pitch of a stroke, how it slides, and its strongest partials."""

import numpy as np
from numpy.typing import NDArray

from samplemind_sdk import RATE

Numbers = NDArray[np.float64]

POINTS = 8_192  # of each spectrum
WINDOWS = (slice(0, 1_024), slice(880, 3_526), slice(3_500, 7_910))  # samples: attack, body, decay
BODY = slice(440, 440 + 4_096)
LOWEST, HIGHEST = 30.0, 2_000.0  # Hz: where the pitch of a drum lies
FREQUENCIES = np.fft.rfftfreq(POINTS, 1 / RATE)


def pitches(struck: Numbers) -> dict[str, float]:
    """Pitches in octaves, how far they stand out, and how the strongest partials lie."""
    padded = np.pad(struck, (0, max(0, POINTS - len(struck))))
    found: dict[str, float] = {}
    hertz = []
    for number, window in enumerate(WINDOWS):
        pitch, share, low = _pitch(padded[window])
        hertz.append(pitch)
        found |= {
            f"pitch{number}": float(np.log2(pitch / LOWEST)),
            f"tonal{number}": share,
            f"deep{number}": low,
        }
    found["slides_first"] = float(np.log2(hertz[1] / hertz[0]))
    found["slides"] = float(np.log2(hertz[2] / hertz[1]))
    return found | _partials(padded[BODY])


def _pitch(part: Numbers) -> tuple[float, float, float]:
    """The strongest frequency in Hz, the share of energy around it, and that between LOWEST and HIGHEST."""
    power = np.abs(np.fft.rfft(part * np.hanning(len(part)), POINTS)) ** 2
    range_ = (FREQUENCIES >= LOWEST) & (FREQUENCIES <= HIGHEST)
    strongest = FREQUENCIES[int(np.argmax(np.where(range_, power, 0)))]
    around = (strongest * 0.85 < FREQUENCIES) & (strongest * 1.18 > FREQUENCIES)
    total = float(power.sum()) + 1e-12
    return max(strongest, LOWEST), float(power[around].sum()) / total, float(power[range_].sum()) / total


def _partials(body: Numbers) -> dict[str, float]:
    """How many there are, how strong the second is, and how they lie; a metal stroke has many."""
    size = np.abs(np.fft.rfft(body * np.hanning(len(body)), POINTS))
    heard = (FREQUENCIES > 60) & (FREQUENCIES < 8_000)
    size, hertz = size[heard], FREQUENCIES[heard]
    inner = size[1:-1]
    tops = 1 + np.flatnonzero((inner > size[:-2]) & (inner > size[2:]) & (inner > 0.1 * size.max()))
    tops = tops[np.argsort(-size[tops], kind="stable")]
    two = len(tops) > 1
    return {
        "partials": float(np.log1p(len(tops))),
        "second": float(size[tops[1]] / size[tops[0]]) if two else 0.0,
        "interval": float(np.log2(hertz[tops[1]] / hertz[tops[0]])) if two else 0.0,
        "strongest": float(np.log2(hertz[tops[0]] / 60)) if len(tops) else 0.0,
    }
