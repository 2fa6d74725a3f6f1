"""How often each pitch class sounds, gathered frame by frame for every tuning the sound may turn out to have."""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from samplemind_sdk import Samples, added

from .peaks import FIRST, KEPT, Numbers, Peaks, find

TUNINGS = np.arange(-50, 51, 10)  # cents off 440 Hz that votes are kept for
LOW_NOTE, NOTES = 28, 73  # MIDI notes E1 to E7
HARMONICS = (
    (0, 1.0),
    (12, 0.6),
    (19, 0.36),
    (24, 0.216),
)  # semitones up, and what they give their fundamental
CHANNELS = (  # power of the amplitude, first and last note, whether harmonics are added to their fundamental
    (0.75, 28, 83, True),
    (0.5, 28, 83, True),
    (0.75, 28, 51, True),
    (0.75, 50, 66, False),
    (0.5, 67, 89, False),
)
AUDIBLE = 3e-4  # of the strongest peak so far: -70 dB
STEP = 1.5  # dB of loudness between the bins that frames are gathered in
GATE = 34.0  # dB under the loudest frame; quieter ones do not vote

Votes = NDArray[np.float64]  # shape (tunings, channels, 12)
NO_VOTES: Votes = np.zeros((len(TUNINGS), len(CHANNELS), 12))


def frame_votes(peaks: Peaks, frames: int) -> Votes:
    """One vote a frame, spread over the pitch classes that sound: shape (frames, *NO_VOTES.shape)."""
    pitch = peaks.pitch[:, None] - TUNINGS / 100
    note = np.rint(pitch).astype(int)
    closeness = np.cos(np.pi * (pitch - note)) ** 2
    inside = (note >= LOW_NOTE) & (note < LOW_NOTE + NOTES)
    cell = (peaks.frame[:, None] * len(TUNINGS) + np.arange(len(TUNINGS))) * NOTES + note - LOW_NOTE
    votes = np.empty((frames, *NO_VOTES.shape))
    for power, channels, fold in _folds():
        weight = (peaks.strength[:, None] ** power * closeness)[inside]
        grid = np.bincount(cell[inside], weight, frames * len(TUNINGS) * NOTES)
        folded = (
            grid.reshape(frames, len(TUNINGS), NOTES) @ fold
        )  # a product a frame: the same bits in any block
        votes[:, :, channels] = folded.reshape(frames, len(TUNINGS), len(channels), 12)
    return shares(votes)


def shares(votes: Votes) -> Votes:
    """The votes divided by their sum over the pitch classes."""
    share: Votes = votes / (votes.sum(axis=-1, keepdims=True) + 1e-9)
    return share


@cache
def _folds() -> list[tuple[float, list[int], Numbers]]:
    """For each power its channels, and what each note gives to each of their pitch classes: shape (NOTES, all)."""
    powers: dict[float, list[int]] = {power: [] for power, *_ in CHANNELS}
    for channel, (power, *_) in enumerate(CHANNELS):
        powers[power].append(channel)
    return [
        (power, channels, np.concatenate([_fold(*CHANNELS[one][1:]) for one in channels], axis=1))
        for power, channels in powers.items()
    ]


def _fold(first: int, last: int, harmonic: bool) -> Numbers:
    """What each note gives to each pitch class, shape (NOTES, 12)."""
    fold = np.zeros((NOTES, 12))
    for shift, gain in HARMONICS if harmonic else HARMONICS[:1]:
        for note in range(first, last + 1):
            if note - LOW_NOTE + shift < NOTES:
                fold[note - LOW_NOTE + shift, note % 12] += gain
    return fold


class Tuning:
    """The fractional parts of all pitches, summed on a circle."""

    def __init__(self) -> None:
        self._sums = np.zeros(3, complex)  # of the turned weights, of the weights, and of their squares

    def add(self, peaks: Peaks) -> None:
        """Hear more peaks; steady ones from A2 to C7 count."""
        counted = (peaks.pitch > 45) & (peaks.pitch < 96)
        weight = np.sqrt(peaks.strength[counted]) * peaks.steadiness[counted]
        turned = weight * np.exp(2j * np.pi * peaks.pitch[counted])
        self._sums = added(self._sums, np.stack([turned, weight, weight**2], axis=1))

    @property
    def cents(self) -> float:
        """How far the sound is tuned from 440 Hz, -50 to 50."""
        return float(np.angle(self._sums[0]) / 2 / np.pi * 100)

    @property
    def tonalness(self) -> float:
        """How well the pitches keep to one semitone grid, 0 to 1, less what chance gives a few peaks."""
        weight, square = map(float, self._sums[1:].real)
        if not weight:
            return 0.0
        effective = weight**2 / square
        agreement = abs(self._sums[0]) / weight
        return float(np.sqrt(max(0.0, (effective * agreement**2 - 1) / max(effective - 1, 1))))


class Gathered:
    """Sums of equal shape, kept apart by loudness, so that the quiet ones can be left out in the end."""

    def __init__(self) -> None:
        self._bins: dict[int, tuple[int, Votes]] = {}

    def add(self, level: float, one: Votes) -> None:
        """Add what was found at a loudness, in dB; forget what is now under the gate."""
        number = int(level // STEP)
        if number not in self._bins:
            loudest = max([number, *self._bins])
            kept = {each: found for each, found in self._bins.items() if each >= loudest - GATE / STEP}
            self._bins = (
                {**kept, number: (0, np.zeros_like(one))} if number >= loudest - GATE / STEP else kept
            )
        if number in self._bins:
            count, total = self._bins[number]
            self._bins[number] = (count + 1, total + one)

    @property
    def count(self) -> int:
        """How many are not under the gate."""
        return sum(count for count, _ in self._bins.values())

    @property
    def total(self) -> Votes:
        """Their sum."""
        totals: Votes = np.sum([self._bins[number][1] for number in sorted(self._bins)], axis=0)
        return totals


class Frames:
    """Turns blocks of spectra into the peaks and the loudness of each frame, one frame late."""

    def __init__(self) -> None:
        self._magnitudes: Samples = np.zeros((1, KEPT), np.float32)
        self._levels: Samples = np.zeros(1, np.float32)
        self._strongest = 0.0

    def add(self, magnitudes: Samples, loudness: Samples) -> Iterator[tuple[Peaks, Samples]]:
        """The audible peaks of the frames whose successor is known now, and their loudness."""
        heard = np.concatenate([self._magnitudes, magnitudes])
        levels = np.concatenate([self._levels, loudness])
        self._magnitudes, self._levels = heard[-2:], levels[-2:]
        if len(heard) < 3:
            return
        loudest = np.concatenate([[self._strongest], heard[1:-1, FIRST:].max(axis=1)])
        strongest = np.maximum.accumulate(loudest)[1:]  # so far, frame by frame
        self._strongest = float(strongest[-1])
        yield _above(find(heard), AUDIBLE * strongest), levels[1:-1]


def _above(peaks: Peaks, floors: Numbers) -> Peaks:
    """The peaks above the floor of their frame."""
    kept = peaks.strength > floors[peaks.frame]
    return Peaks(peaks.frame[kept], peaks.pitch[kept], peaks.strength[kept], peaks.steadiness[kept])
