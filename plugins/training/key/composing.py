"""Pieces whose key is known because chance wrote them in it."""

from dataclasses import dataclass
from random import Random

from harmony import BLUES, FOLK_MAJOR, FOLK_MINOR, MAJOR, MINOR, Chord, chord, progressions, scales
from playing import comp, drum, lay_out, play_bass, sing
from score import Score

KINDS = {
    "major": 26,
    "minor": 30,
    "blues": 8,
    "folk": 12,
    "chord": 16,
    "bass": 8,
}  # how often each is written
WEIGHTS = {"major": 1.0, "minor": 1.0, "blues": 0.7, "folk": 1.0, "chord": 0.8, "bass": 0.5}  # in the fit
ONE_CHORD = {"chord": 60, "power": 15, "bass": 25}  # of the pieces that never leave their chord
NAMES = {  # of the only chord; a power chord has no third, so nobody can tell its mode
    "major": ("I", "I", "I", "IM7", "I9"),
    "minor": ("Im", "Im", "Im", "Im7", "Im9"),
    "power": ("I5",),
}
TEXTS = {"major": MAJOR, "minor": MINOR, "blues": BLUES}


@dataclass(frozen=True)
class Piece:
    """A score and its key; `mode` is None where only the tonic can be heard."""

    score: Score
    tonic: int  # 0 is C
    mode: str | None
    kind: str
    alone: bool = False  # whether it never leaves its chord, and was written for that


def compose(number: int) -> Piece:
    """Piece number so and so, the same each time."""
    chance = Random(number)
    kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
    score, tonic = Score(chance.uniform(65, 175)), chance.randrange(12)
    bar = 4 if chance.random() < 0.85 else 3
    seconds = chance.uniform(3.5, 9) if kind == "chord" else chance.uniform(12, 22)
    bars = max(1, round(seconds * score.bpm / 60 / bar))
    writer = {"folk": _folk, "chord": _one_chord, "bass": _bass_alone}.get(kind, _song)
    return Piece(score, tonic, writer(score, chance, tonic, bars, bar, kind), kind)


def compose_one_chord(number: int) -> Piece:
    """Piece number so and so of those that never leave their chord; its mode may be impossible to hear."""
    chance = Random(number + 10_000_000)
    kind = chance.choices(list(ONE_CHORD), list(ONE_CHORD.values()))[0]
    score, tonic = Score(chance.uniform(60, 175)), chance.randrange(12)
    bar = chance.choice((4, 4, 4, 3))
    bars = max(1, round(chance.uniform(1.5, 14) * score.bpm / 60 / bar))
    mode = chance.choice(("major", "minor"))
    plan = lay_out([chord(chance.choice(NAMES[kind if kind == "power" else mode]))], 0, bars, bar, 1)
    if kind != "bass":
        comp(score, chance, plan, tonic, 110)
    if kind == "bass" or chance.random() < 0.25:
        play_bass(score, chance, plan, tonic, chance.randint(60, 125))
    if chance.random() < 0.15:
        drum(score, chance, bars * bar, chance.randint(40, 110))
    return Piece(score, tonic, mode, kind, alone=True)


def _song(score: Score, chance: Random, tonic: int, bars: int, bar: int, kind: str) -> str:
    """Chords, bass, melody and drums, none of them always. Annotators call a blues minor, and so is it here."""
    progression = chance.choice(progressions(TEXTS[kind]))
    first = chance.randrange(len(progression)) if chance.random() < 0.35 else 0
    plan = lay_out(progression, first, bars, bar, chance.choice((1, 1, 1, 2)))
    if chance.random() < 0.95:
        comp(score, chance, plan, tonic, chance.randint(50, 110))
    if chance.random() < 0.8:
        play_bass(score, chance, plan, tonic, chance.randint(60, 125))
    if chance.random() < 0.75:
        sing(score, chance, plan, tonic, chance.choice(scales(kind, progression)), chance.randint(50, 115))
    if chance.random() < 0.65:
        drum(score, chance, bars * bar, chance.randint(50, 127))
    return "major" if kind == "major" else "minor"


def _folk(score: Score, chance: Random, tonic: int, bars: int, bar: int, kind: str) -> str:
    """A melody, with chords or without."""
    mode = "major" if chance.random() < 0.7 else "minor"
    plan = lay_out(
        chance.choice(progressions(FOLK_MAJOR if mode == "major" else FOLK_MINOR)), 0, bars, bar, 1
    )
    scale = "major" if mode == "major" else chance.choice(("minor", "dorian", "harmonic"))
    sing(score, chance, plan, tonic, scale, 110)
    if chance.random() < 0.6:
        comp(score, chance, plan, tonic, chance.randint(40, 100))
    return mode


def _one_chord(score: Score, chance: Random, tonic: int, bars: int, bar: int, kind: str) -> str:
    """A loop of one chord."""
    mode = chance.choice(("major", "minor"))
    names = ("I", "I", "I", "IM7", "I9") if mode == "major" else ("Im", "Im", "Im", "Im7")
    plan = lay_out([chord(chance.choice(names))], 0, bars, bar, 1)
    comp(score, chance, plan, tonic, 110)
    if chance.random() < 0.25:
        play_bass(score, chance, plan, tonic, chance.randint(60, 125))
    if chance.random() < 0.15:
        drum(score, chance, bars * bar, chance.randint(50, 110))
    return mode


def _bass_alone(score: Score, chance: Random, tonic: int, bars: int, bar: int, kind: str) -> None:
    """A bass line on one chord, whose mode is not to be heard."""
    only: Chord = chord(chance.choice(("I", "Im7")))
    play_bass(score, chance, lay_out([only], 0, bars, bar, 1), tonic, 120)
    if chance.random() < 0.2:
        drum(score, chance, bars * bar, chance.randint(40, 80))
