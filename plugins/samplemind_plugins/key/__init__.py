"""The musical key of a sound."""

from collections.abc import Iterator

import numpy as np

from samplemind_sdk import Analyzer, Block, CannotDescribe, Finding, Output, Samples, hookimpl

from .chroma import TUNINGS, Frames, Gathered, Tuning, frame_votes, shares
from .model import log_posterior, normalised
from .names import KEYS, MODES, TONICS, camelot, open_key
from .peaks import Numbers, Peaks, spectra

PIECE = 43  # frames, 8 s: each piece has a say of its own, so that a loud passage does not decide alone
SHORTEST = 3  # frames, 0.6 s
ATONAL, UNSURE = 0.08, 0.12  # tonalness: see docs/accuracy.md for what each threshold lets through
ALTERNATIVES = 5
BETWEEN = 40.0  # cents: from here on the neighbouring semitone is a fair name, too


class Key(Analyzer):
    """The musical key, its names for mixing, and how far the sound is tuned from 440 Hz."""

    name, version = "key", 2
    key = Output(kind=str, choices=KEYS, help="tonic and mode, sharps only")
    tonic = Output(kind=str, choices=TONICS, help="also right for a bass line, whose mode cannot be heard")
    mode = Output(kind=str, choices=MODES)
    camelot = Output(
        kind=str, choices=tuple(camelot(key) for key in range(24)), help="hour on the Camelot wheel"
    )
    open_key = Output(kind=str, choices=tuple(open_key(key) for key in range(24)), help="Open Key notation")
    tuning = Output(unit="cents", low=-50, high=50, help="off A = 440 Hz, modulo a semitone")

    def begin(self) -> None:
        """Get ready to listen."""
        self.frames, self.tune = Frames(), Tuning()
        self.whole, self.pieces = Gathered(), Gathered()
        self.piece, self.in_piece, self.loudest, self.heard = Gathered(), 0, -np.inf, 0

    def update(self, block: Block) -> None:
        """Hear the next few seconds."""
        for peaks, loudness in self.frames.add(*spectra(block)):
            self.tune.add(peaks)
            self._vote(peaks, loudness)

    def _vote(self, peaks: Peaks, loudness: Samples) -> None:
        levels = 20 * np.log10(np.maximum(loudness, 1e-9))
        for level, votes in zip(levels, frame_votes(peaks, len(levels)), strict=True):
            self.heard += 1
            if not votes.any():
                continue
            self.whole.add(level, votes)
            self.piece.add(level, votes)
            self.loudest = max(self.loudest, level)
            self.in_piece += 1
            if self.in_piece == PIECE:
                self.pieces.add(self.loudest, log_posterior(shares(self.piece.total)))
                self.piece, self.in_piece, self.loudest = Gathered(), 0, -np.inf

    def describe(self) -> Iterator[Finding]:
        """Say the key, or why there is none."""
        cents, tonalness = self.tune.cents, self.tune.tonalness
        if self.heard < SHORTEST:
            raise CannotDescribe("the sound is shorter than 0.6 s, too short for a key")
        if not self.whole.count:
            raise CannotDescribe("no tone is heard: the sound is silent or noise")
        if tonalness < ATONAL:
            raise CannotDescribe(f"too little of the sound is tonal ({tonalness:.2f} on a scale to 1)")
        yield from self._named(self._posterior(cents), cents, tonalness)

    def _posterior(self, cents: float) -> Numbers:
        """The probability of each key: the mean, of logarithms, of the whole sound's and its pieces'."""
        tuning = int(np.abs(TUNINGS - cents).argmin())
        whole = log_posterior(shares(self.whole.total))[tuning]
        if self.pieces.count < 2:
            return np.exp(normalised(whole))
        pieces = self.pieces.total[tuning] / self.pieces.count
        return np.exp(normalised((whole + pieces) / 2))

    def _named(self, probability: Numbers, cents: float, tonalness: float) -> Iterator[Finding]:
        """The findings, given the probability of each key."""
        best, *others = _ranked(probability)
        doubt = _doubt(float(probability[best]), cents, tonalness)
        sure: list[tuple[int, float | None]] = [(other, float(probability[other])) for other in others]
        if abs(cents) > BETWEEN:
            neighbour = _semitone_away(best, 1 if cents > 0 else -1)
            sure = [(neighbour, None), *((key, one) for key, one in sure if key != neighbour)]
        for output, name in (
            (self.key, KEYS.__getitem__),
            (self.camelot, camelot),
            (self.open_key, open_key),
        ):
            candidates = [(name(key), one) for key, one in sure[:ALTERNATIVES]]
            yield output(name(best), float(probability[best]), candidates, doubt)
        by_mode = probability.reshape(2, 12)
        tonic, mode = best % 12, best // 12
        yield self.tonic(TONICS[tonic], _sum(by_mode[:, tonic]), doubt=doubt)
        yield self.mode(MODES[mode], _sum(by_mode[mode]), doubt=doubt)
        yield self.tuning(cents, doubt=doubt if tonalness < UNSURE else "")


def _ranked(probability: Numbers) -> list[int]:
    """All keys, the most probable first."""
    return [int(key) for key in np.argsort(-probability, kind="stable")]


def _sum(probabilities: Numbers) -> float:
    return min(1.0, float(probabilities.sum()))


def _semitone_away(key: int, step: int) -> int:
    return key // 12 * 12 + (key + step) % 12


def _doubt(probability: float, cents: float, tonalness: float) -> str:
    """Why the key may be wrong, if it may."""
    if tonalness < UNSURE:
        return f"little of the sound is tonal ({tonalness:.2f} on a scale to 1)"
    if abs(cents) > BETWEEN:
        return f"tuned {cents:+.0f} cents off 440 Hz, so the key a semitone away is a fair name, too"
    if probability < 0.5:
        return "other keys together are more likely"
    return ""


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    """The key analyzer."""
    return [Key]
