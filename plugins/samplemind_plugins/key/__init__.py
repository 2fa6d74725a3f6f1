"""The musical key of a sound, and the note of a sound that is one note."""

from collections.abc import Iterator

import numpy as np

from samplemind_sdk import (
    RATE,
    Analyzer,
    Block,
    Estimate,
    Finding,
    Input,
    Output,
    Samples,
    Tape,
    hookimpl,
    mono,
)

from .chroma import TUNINGS, Frames, Gathered, Tuning, Votes, frame_votes, shares
from .model import chance, layer, log_posterior, normalised
from .names import KEYS, MODES, NOTES, TONICS, camelot, note_name, open_key
from .note import HEARD, Note, listen
from .onechord import Constancy, is_one_chord
from .peaks import Numbers, Peaks, spectra

PIECE = 43  # frames, 8 s: each piece has a say of its own, so that a loud passage does not decide alone
SHORTEST = 3  # frames, 0.6 s
QUIETEST = -120.0  # dBFS; what is quieter is silence: a recording of 20 bits holds nothing there
LONGEST_NOTE = 30  # seconds: what lasts longer is not asked for its one note
ATONAL, UNSURE = 0.08, 0.12  # tonalness: see docs/accuracy.md for what each threshold lets through
ALTERNATIVES = 5
BETWEEN = 40.0  # cents: from here on the neighbouring semitone is a fair name, too
NOTE_SURE = 0.7  # probability; under it the note is said with doubt, under .5 not at all
MODE_HEARD = 0.75  # probability of the mode, given the tonic; under it the third is too faint to tell

NOT_NOTES = {"song": "a song", "speech": "speech"}  # kinds, and what they are called
NO_MODE = "one note is heard alone, so its mode cannot be told"
ONE_NOTE = "it is a single hit or note, which has no key"


class Key(Analyzer):
    """The musical key, its names for mixing, how far the sound is tuned from 440 Hz, and its note if it is one."""

    name, version = "key", 6
    kind = Input("kind.label", optional=True)
    key = Output(kind=str, choices=KEYS, help="tonic and mode, sharps only")
    tonic = Output(kind=str, choices=TONICS, help="also right for a bass line, whose mode cannot be heard")
    mode = Output(kind=str, choices=MODES)
    camelot = Output(
        kind=str, choices=tuple(camelot(key) for key in range(24)), help="hour on the Camelot wheel"
    )
    open_key = Output(kind=str, choices=tuple(open_key(key) for key in range(24)), help="Open Key notation")
    tuning = Output(unit="cents", low=-50, high=50, help="off A = 440 Hz, modulo a semitone")
    root_note = Output(
        kind=str, choices=NOTES, help="the note of a sound that is one note, as it sounds: A4 is 440 Hz"
    )

    def begin(self) -> None:
        """Get ready to listen."""
        self.frames, self.tune, self.constancy = Frames(), Tuning(), Constancy()
        self.whole, self.pieces = Gathered(), Gathered()
        self.piece, self.in_piece, self.loudest, self.heard = Gathered(), 0, -np.inf, 0
        self.tape, self.samples = Tape(HEARD), 0

    def update(self, block: Block) -> None:
        """Hear the next few seconds."""
        self.tape.add(mono(block))
        self.samples += block.length
        for peaks, loudness in self.frames.add(*spectra(block)):
            self.tune.add(peaks)
            self._vote(peaks, loudness)

    def _vote(self, peaks: Peaks, loudness: Samples) -> None:
        levels = 20 * np.log10(np.maximum(loudness, 1e-9))
        for level, votes in zip(levels, frame_votes(peaks, len(levels)), strict=True):
            self.heard += 1
            if level < QUIETEST or not votes.any():
                continue
            self.whole.add(level, votes)
            self.constancy.add(level, votes)
            self.piece.add(level, votes)
            self.loudest = max(self.loudest, level)
            self.in_piece += 1
            if self.in_piece == PIECE:
                self.pieces.add(self.loudest, log_posterior(shares(self.piece.total), layer("song")))
                self.piece, self.in_piece, self.loudest = Gathered(), 0, -np.inf

    def describe(self) -> Iterator[Finding]:
        """Say the key and the note, each or why there is none."""
        kind: Estimate | None = self.kind  # type: ignore[assignment]
        label = kind.value if kind else None
        note, why = self._note(label)
        sure = chance(note.evidence, layer("note")) if note else 0.0
        unsure = "there may be more notes than this one" if sure < NOTE_SURE else ""
        yield (
            self.root_note(note_name(note.number), sure, doubt=unsure)
            if note
            else self.root_note.withheld(why)
        )
        cents, tonalness = self.tune.cents, self.tune.tonalness
        no_key = ONE_NOTE if label == "one-shot" else self._why_no_key(tonalness)
        if not no_key:
            cents_said, alone = note.cents if note else cents, sure >= NOTE_SURE
            yield from self._named(self._posterior(cents), cents_said, tonalness, alone)
            return
        yield from (output.withheld(no_key) for output in (self.key, self.mode, self.camelot, self.open_key))
        if note:
            yield self.tonic(TONICS[note.number % 12], sure, doubt=unsure)
            yield self.tuning(note.cents)
        else:
            yield self.tonic.withheld(why if label == "one-shot" else no_key)
            yield self.tuning.withheld(why if label == "one-shot" else no_key)

    def _note(self, label: str | None) -> tuple[Note | None, str]:
        """The only note of the sound, or None and why there is none."""
        if label in NOT_NOTES:
            return None, f"it is {NOT_NOTES[label]}, not one note"
        if self.samples > LONGEST_NOTE * RATE:
            return None, f"it is longer than {LONGEST_NOTE} s, too long for one note"
        note = listen(self.tape.signal)
        if note is None:
            return None, "nothing is heard: the sound is silent"
        sure = chance(note.evidence, layer("note"))
        if sure < 0.5:
            return None, f"no single note is heard in it (probability {sure:.2f})"
        return note, ""

    def _why_no_key(self, tonalness: float) -> str:
        """The reason if there is no key, or else nothing."""
        if self.heard < SHORTEST:
            return "the sound is shorter than 0.6 s, too short for a key"
        if not self.whole.count:
            return "no tone is heard: the sound is silent or noise"
        if tonalness < ATONAL:
            return f"too little of the sound is tonal ({tonalness:.2f} on a scale to 1)"
        return ""

    def _posterior(self, cents: float) -> Numbers:
        """The probability of each key: one chord is judged by layers of its own, for songs lean on cadences."""
        tuning = int(np.abs(TUNINGS - cents).argmin())
        chroma = shares(self.whole.total)[tuning]
        if is_one_chord(self.constancy.evidence(chroma, tuning)):
            return np.exp(normalised(log_posterior(chroma, layer("chord"))))
        return np.exp(self.in_song(chroma, tuning))

    def in_song(self, chroma: Votes, tuning: int) -> Numbers:
        """The log probability of each key in a song: the mean of the whole sound's and its pieces'."""
        logs = log_posterior(chroma, layer("song"))
        if self.pieces.count > 1:
            logs = (logs + self.pieces.total[tuning] / self.pieces.count) / 2
        return normalised(logs)

    def _named(self, probability: Numbers, cents: float, tonalness: float, alone: bool) -> Iterator[Finding]:
        """The findings, given the probability of each key, and whether a note is alone."""
        best, *others = _ranked(probability)
        tonic, mode = best % 12, best // 12
        by_mode = probability.reshape(2, 12)
        shaky = _doubt(cents, tonalness)
        doubt = shaky or (NO_MODE if alone else _mode_doubt(by_mode, best))
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
        tonic_sure = _sum(by_mode[:, tonic])
        yield self.tonic(TONICS[tonic], tonic_sure, doubt=shaky or _unlikely(tonic_sure))
        yield self.mode(MODES[mode], _sum(by_mode[mode]), doubt=doubt)
        yield self.tuning(cents, doubt=shaky if tonalness < UNSURE else "")


def _ranked(probability: Numbers) -> list[int]:
    """All keys, the most probable first."""
    return [int(key) for key in np.argsort(-probability, kind="stable")]


def _sum(probabilities: Numbers) -> float:
    return min(1.0, float(probabilities.sum()))


def _semitone_away(key: int, step: int) -> int:
    return key // 12 * 12 + (key + step) % 12


def _doubt(cents: float, tonalness: float) -> str:
    """Why the tonic may be wrong, whatever it is, if it may."""
    if tonalness < UNSURE:
        return f"little of the sound is tonal ({tonalness:.2f} on a scale to 1)"
    if abs(cents) > BETWEEN:
        return f"tuned {cents:+.0f} cents off 440 Hz, so the key a semitone away is a fair name, too"
    return ""


def _mode_doubt(by_mode: Numbers, best: int) -> str:
    """Why the key may be wrong although the tuning is clear, if it may; shape (2, 12)."""
    tonic = _sum(by_mode[:, best % 12])
    heard = float(by_mode[best // 12, best % 12]) / tonic
    if heard < MODE_HEARD:
        return f"the third of {TONICS[best % 12]} is hardly heard, and it alone tells major from minor"
    return _unlikely(float(by_mode[best // 12, best % 12]))


def _unlikely(probability: float) -> str:
    return "other keys together are more likely" if probability < 0.5 else ""


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    """The key analyzer."""
    return [Key]
