"""Chords and tunes, as chance has them."""

from dataclasses import dataclass

from piece import Chance, Piece

SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "mixolydian": (0, 2, 4, 5, 7, 9, 10), "minor": (0, 2, 3, 5, 7, 8, 10),
          "dorian": (0, 2, 3, 5, 7, 9, 10)}  # fmt: skip
DEGREES = {  # progressions, by degrees of the scale
    "major": "0453 0534 0344 0304 0034 1400 0514 0630 0234 5304 04 0 03 000033004304",
    "minor": "0526 0340 0654 03 0 0534 0033 06 0265 05",
}
CELLS = {  # rhythms of a tune in beats, by how finely a beat is divided, and how often they are played
    1: (((1,), 2), ((2,), 1.2), ((3,), 0.3), ((4,), 0.3)),
    2: (((1,), 2), ((0.5, 0.5), 1.6), ((2,), 1.2), ((1.5, 0.5), 1), ((0.5, 1, 0.5), 0.3), ((3,), 0.3)),
    3: (((1,), 1), ((2 / 3, 1 / 3), 1), ((1 / 3, 1 / 3, 1 / 3), 1), ((2,), 0.5)),
    4: (
        ((1,), 2),
        ((0.5, 0.5), 1.6),
        ((0.25,) * 4, 0.4),
        ((0.75, 0.25), 0.5),
        ((0.5, 0.25, 0.25), 0.4),
        ((2,), 1),
    ),
}


@dataclass(frozen=True)
class Stretch:
    """One chord and when it sounds, in beats."""

    start: float
    end: float
    pitches: tuple[int, ...]  # above C, root first


@dataclass(frozen=True)
class Harmony:
    """What all players of a piece agree on."""

    tonic: int
    scale: tuple[int, ...]
    plan: list[Stretch]


def harmonise(chance: Chance, beats: int, bar: int) -> Harmony:
    """A progression that returns until the end, one or two chords a bar."""
    mode = "minor" if chance.random() < 0.45 else "major"
    name = mode if chance.random() < 0.7 else {"minor": "dorian", "major": "mixolydian"}[mode]
    scale, tonic = SCALES[name], int(chance.integers(12))
    degrees = [int(degree) for degree in chance.choice(DEGREES[mode].split())]
    length = bar / 2 if bar % 2 == 0 and chance.random() < 0.25 else bar
    above = (0, 2, 4, 6) if chance.random() < 0.3 else (0, 2, 4)
    plan = []
    for number in range(round(beats / length)):
        steps = [degrees[number % len(degrees)] + step for step in above]
        pitches = tuple(tonic + scale[step % 7] + 12 * (step // 7) for step in steps)
        plan.append(Stretch(number * length, (number + 1) * length, pitches))
    return Harmony(tonic, scale, plan)


def sing(piece: Piece, chance: Chance, channel: int, harmony: Harmony, parts: int, lowest: int) -> None:
    """Play a tune: motifs of rhythm that return, on a scale, with a beat in so many parts."""
    pitches = [pitch for pitch in range(lowest, lowest + 25) if (pitch - harmony.tonic) % 12 in harmony.scale]
    length = piece.bar * int(chance.choice([1, 2, 2, 4]))
    filled, legato = chance.uniform(0.6, 0.97), chance.uniform(0.5, 1.1)
    often = chance.dirichlet([weight for _, weight in CELLS[parts]])
    motifs = [_motif(chance, parts, often, length) for _ in range(int(chance.choice([1, 2, 3])))]
    place, loud, accent = len(pitches) // 2, chance.uniform(70, 105), chance.uniform(0, 14)
    for start in range(0, piece.beats, length):
        for after, lasting in motifs[chance.integers(len(motifs))]:
            place += int(chance.choice([-2, -1, -1, 0, 1, 1, 2, chance.integers(-4, 5)]))
            place = max(0, min(len(pitches) - 1, place))
            if chance.random() < filled:
                now = start + after
                stress = accent * ((now % piece.bar == 0) + (now % 1 == 0)) / 2
                piece.note(
                    channel, pitches[place], loud + stress + chance.normal(0, 6), now, now + legato * lasting
                )


def _motif(chance: Chance, parts: int, often: list[float], beats: int) -> list[tuple[float, float]]:
    """Starts and lengths of notes, in beats."""
    notes, now = [], 0.0
    while now < beats - 1e-6:
        for length in CELLS[parts][chance.choice(len(often), p=often)][0]:
            held = min(length, beats - now)
            if held > 1e-6:
                notes.append((now, held))
                now += held
    return notes
