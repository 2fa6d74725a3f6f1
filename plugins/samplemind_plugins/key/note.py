"""The note of a sound that is one note: its fundamental by subharmonic summation, and how surely it is one.

Hermes, "Measurement of pitch by subharmonic summation", JASA 83 (1988): each candidate gathers what
sounds at its harmonics, on a logarithmic axis of frequency, where harmonics lie at fixed distances.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft

from samplemind_sdk import RATE, Samples

from .peaks import Numbers

HEARD = 6.0  # seconds that are listened to; a note has said by then which it is
FRAME, HOP, PADDED = 8_192, 4_096, 32_768  # samples: 186 ms, and bins 1.3 Hz apart
LOWEST, HIGHEST = 21, 108  # MIDI notes A0 and C8
STEPS = 20  # of the logarithmic axis in a semitone
HARMONICS, FADING = 12, 0.84  # what a harmonic counts, of the one below it (Hermes' value)
TOP = 132  # MIDI note, 16.7 kHz: the end of the axis
SUSTAINED = 0.1  # of the loudest frame's amplitude; what is softer has no say
NEAR = 8  # steps, 40 cents: so far a partial may lie from its place
BUMP = np.cos(np.linspace(-1, 1, 2 * NEAR + 1) * np.pi / 2)  # what it gives to the places around it
AGREEING, OTHER, FIFTH = 0.5, 0.7, 7.02  # semitones: up to which notes are the same, and from which others
SURE_PARTIALS, ALL_PARTIALS = 4, 30  # that tell the tuning; that may belong to a note


@dataclass(frozen=True)
class Note:
    """The best note for a sound."""

    pitch: float  # MIDI number with its fraction
    evidence: Numbers  # what speaks for it, and for its being the only one: see _evidence()

    @property
    def number(self) -> int:
        """The MIDI number of the nearest note."""
        return min(HIGHEST, max(LOWEST, round(self.pitch)))

    @property
    def cents(self) -> float:
        """How far above it the sound is, -50 to 50."""
        return min(50.0, max(-50.0, 100 * (self.pitch - self.number)))


def listen(signal: Samples) -> Note | None:
    """The note of the sound, shape (samples,) at RATE; None if nothing sounds."""
    spectra = _sustained(signal)
    if not len(spectra):
        return None
    axis = np.stack([_logarithmic(one) for one in spectra])
    saliences = _summed(axis)
    salience = saliences.sum(axis=0)
    best = int(salience.argmax())
    if not salience[best] > 0:
        return None
    total = axis.sum(axis=0)
    pitch = LOWEST + (best + _offset(total, best)) / STEPS
    return Note(pitch, _evidence(spectra, axis, saliences, best))


def _sustained(signal: Samples) -> Samples:
    """The magnitudes of the frames in which the sound is not nearly gone, shape (frames, bins)."""
    offset = signal.mean(dtype=float).astype(np.float32) if len(signal) else np.float32(0)
    still = np.zeros(max(FRAME, -len(signal) % HOP + HOP), np.float32)
    heard = np.concatenate([signal - offset, still])  # where direct current ends there is a step, and no note
    starts = range(0, max(1, len(signal) - FRAME // 2), HOP)
    window = np.hanning(FRAME).astype(np.float32)
    frames = np.stack([heard[start : start + FRAME] * window for start in starts])
    level = np.sqrt((frames**2).sum(axis=1))
    kept = level > max(SUSTAINED * level.max(), 1e-4)
    magnitudes: Samples = np.abs(scipy.fft.rfft(frames[kept], PADDED))
    return magnitudes


def _logarithmic(spectrum: Samples) -> Numbers:
    """The peaks' amplitudes, square roots, where they lie on the axis; between them nothing."""
    inner = spectrum[1:-1]
    found = (
        np.nonzero((inner > spectrum[:-2]) & (inner >= spectrum[2:]) & (inner > 0.003 * inner.max()))[0] + 1
    )
    below, at, above = (np.log(spectrum[found + step] + 1e-12).astype(float) for step in (-1, 0, 1))
    offset = 0.5 * (below - above) / np.minimum(below - 2 * at + above, -1e-9)
    pitch = 69 + 12 * np.log2((found + offset) * RATE / PADDED / 440)
    place = np.rint((pitch - LOWEST) * STEPS).astype(int)
    inside = (place >= 0) & (place < (TOP - LOWEST) * STEPS)
    axis = np.zeros((TOP - LOWEST) * STEPS)
    np.maximum.at(axis, place[inside], np.exp(at[inside] / 2))
    return axis


def _summed(axis: Numbers) -> Numbers:
    """The salience of each pitch from LOWEST to HIGHEST in each frame."""
    width = (HIGHEST - LOWEST) * STEPS + 1
    broad = np.stack([_broadened(one) for one in axis])
    broad = np.pad(broad, ((0, 0), (0, width)))
    total = np.zeros((len(axis), width))
    for number in range(1, HARMONICS + 1):
        shift = round(12 * STEPS * np.log2(number))
        total += FADING ** (number - 1) * broad[:, shift : shift + width]
    return total


def _broadened(axis: Numbers) -> Numbers:
    """Each peak as a bump, the higher where two meet."""
    places = np.nonzero(axis)[0]
    broad = np.zeros(len(axis) + 2 * NEAR)
    for step, gain in enumerate(BUMP):
        np.maximum.at(broad, places + step, gain * axis[places])
    return broad[NEAR:-NEAR]


def _offset(total: Numbers, best: int) -> float:
    """How many steps the first partials lie above their places, the strong ones counting most."""
    weights = offsets = 0.0
    for place in _places(best, SURE_PARTIALS, len(total)):
        near = total[max(0, place - NEAR) : place + NEAR + 1] ** 2
        steps = np.arange(max(0, place - NEAR), max(0, place - NEAR) + len(near)) - place
        weights, offsets = weights + float(near.sum()), offsets + float((near * steps).sum())
    return offsets / weights if weights else 0.0


def _places(best: int, partials: int, end: int) -> list[int]:
    """Where the partials of a note lie on the axis, as far as it goes."""
    places = (best + round(12 * STEPS * np.log2(number)) for number in range(1, partials + 1))
    return [place for place in places if place < end]


def _evidence(spectra: Samples, axis: Numbers, saliences: Numbers, best: int) -> Numbers:
    """What tells a right note from a wrong one, and one note from many, shape (12,)."""
    salience, amplitude = saliences.sum(axis=0), (axis**2).sum(axis=0)
    partials = [_around(amplitude, place) for place in _places(best, ALL_PARTIALS, len(amplitude))]
    apart = (saliences.argmax(axis=1) - best) / STEPS  # semitones, of each frame
    same = np.abs(apart) < AGREEING
    drift = min(1.0, float(apart[same].std())) if same.any() else 1.0
    energy = float((axis**4).sum()) * 1.5 * PADDED / FRAME  # a Hann window spreads a peak over 1.5 bins
    octaves = (best / STEPS + LOWEST - 60) / 12  # above middle C
    return np.array(
        [
            sum(partials) / amplitude.sum(),  # how much of all peaks lies at its harmonics
            min(1.0, energy / float((spectra**2).sum())),  # how much of the sound lies in peaks
            same.mean(),  # how many frames find the same note
            (np.abs(_folded(apart)) < AGREEING).mean(),  # or one of the same name
            _near(salience, best + 12 * STEPS) / salience[best],
            _near(salience, best - 12 * STEPS) / salience[best],
            _rival(salience, best) / salience[best],
            partials[0] / max(partials),
            drift,
            np.log(len(axis)),
            max(0.0, octaves),
            max(0.0, -octaves),
        ]
    )


def _folded(semitones: Numbers) -> Numbers:
    """The same distances without whole octaves, -6 to 6."""
    folded: Numbers = (semitones + 6) % 12 - 6
    return folded


def _rival(salience: Numbers, best: int) -> float:
    """The most salient note that is neither of the same name nor a fifth above, where harmonics are anyway."""
    apart = (np.arange(len(salience)) - best) / STEPS
    others = (np.abs(_folded(apart)) > OTHER) & (np.abs(_folded(apart - FIFTH)) >= OTHER)
    return float(salience[others].max())


def _around(amplitude: Numbers, place: int) -> float:
    return float(amplitude[max(0, place - NEAR) : place + NEAR + 1].sum())


def _near(salience: Numbers, place: int) -> float:
    """The greatest salience around a place; 0 where it is off the axis."""
    near = salience[max(0, place - NEAR) : max(0, place + NEAR + 1)]
    return float(near.max()) if len(near) else 0.0
