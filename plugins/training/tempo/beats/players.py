"""Players of chords, basses and drums: each repeats a figure, which is given by a few numbers."""

from dataclasses import dataclass

from harmony import Harmony, Stretch
from piece import DRUMS, Chance, Piece

KICK, SNARE, CLAP, RIM, HAT, OPEN, RIDE, CRASH, TAMBOURINE, SHAKER, COWBELL, PEDAL = (
    36, 38, 39, 37, 42, 46, 51, 49, 54, 70, 56, 44)  # fmt: skip
TOMS = (41, 45, 47)


@dataclass(frozen=True)
class Figure:
    """Strokes at `first`, and every `step` beats from there, each so many beats long."""

    step: float
    first: float = 0.0
    length: float = 0.5
    often: float = 1.0  # how often a stroke off the beat is played
    way: str = "chord"  # or "broken", or "bass": the bass note where a group of `group` beats begins
    group: int = 2


HELD = Figure(0)
COMPS = {
    "held": HELD, "strum8": Figure(0.5), "strum16": Figure(0.25, 0, 0.2, 0.65),
    "chug": Figure(0.25, 0, 0.2, 0.8), "quarters": Figure(1, 0, 0.5), "off": Figure(1, 0.5, 0.3),
    "backbeat": Figure(2, 1, 0.4), "third": Figure(1, 2 / 3, 0.3), "thirds": Figure(1 / 3, 0, 0.3, 0.75),
    "shuffle": Figure(1 / 3, 0, 0.3, 0.5), "broken8": Figure(0.5, 0, 0.5, 1, "broken"),
    "broken16": Figure(0.25, 0, 0.3, 1, "broken"), "broken3": Figure(1 / 3, 0, 0.4, 1, "broken"),
    "boomchick": Figure(1, 0, 0.5, 1, "bass"), "waltz": Figure(1, 0, 0.5, 1, "bass", 3),
    "jig": Figure(1 / 3, 0, 0.3, 0.5, "bass", 1),
}  # fmt: skip
BASSES = {
    "held": HELD, "roots": Figure(2, 0, 1), "walk": Figure(1, 0, 0.9), "eighths": Figure(0.5),
    "sixteenths": Figure(0.25, 0, 0.2), "off": Figure(1, 0.5, 0.4), "octaves": Figure(0.5, 0, 0.4),
    "one": Figure(4, 0, 1), "tumbao": Figure(1.5, 1.5, 1),
}  # fmt: skip
CYMBALS = {  # instrument, and the figure it plays; that of "ride" is in thirds
    "8": (HAT, Figure(0.5)), "16": (HAT, Figure(0.25)), "4": (HAT, Figure(1)), "ride8": (RIDE, Figure(0.5)),
    "open8": (OPEN, Figure(0.5)), "crash4": (CRASH, Figure(1)), "off": (OPEN, Figure(1, 0.5)),
    "hat off": (HAT, Figure(1, 0.5)), "shaker": (SHAKER, Figure(0.25)), "cowbell": (COWBELL, Figure(1)),
    "thirds": (HAT, Figure(1 / 3)), "shuffle": (HAT, Figure(1 / 3, 0, 0.3, 0.5)),
    "ride": (RIDE, Figure(1 / 3, 0, 0.3, 0.35)), "none": (HAT, Figure(1, 0, 0, 0)),
}  # fmt: skip


def strokes(chance: Chance, figure: Figure, start: float, end: float) -> list[float]:
    """When a figure strikes from `start` to `end`, in beats."""
    if not figure.step:
        return [start]
    count = int((end - start - figure.first) / figure.step + 1 - 1e-6)
    times = [start + figure.first + number * figure.step for number in range(max(0, count))]
    return [time for time in times if abs(time - round(time)) < 1e-3 or chance.random() < figure.often]


def drawn(chance: Chance, bar: int, parts: int) -> list[float]:
    """A syncopated figure: places in the bar, in beats."""
    places = [number / parts for number in range(bar * parts) if chance.random() < 0.3]
    return sorted({*places, *([0.0] if chance.random() < 0.7 or not places else [])})


def comp(piece: Piece, chance: Chance, channel: int, harmony: Harmony, name: str, parts: int) -> None:
    """Play the chords by a figure of COMPS, or, if it is called "drawn", by one that chance draws."""
    lowest, loud = int(chance.choice([48, 52, 55, 60])), chance.uniform(55, 100)
    figure, places = COMPS.get(name, HELD), drawn(chance, piece.bar, parts)
    gate = chance.uniform(0.4, 1.2)
    for one in harmony.plan:
        voiced = sorted({lowest + (pitch - lowest) % 12 for pitch in one.pitches})
        turn = [voiced[0] - 12, *voiced, voiced[0] + 12, *reversed(voiced)]
        for number, now in enumerate(_times(piece, chance, one, figure, places, name)):
            low = figure.way == "bass" and abs((now - one.start) % figure.group) < 1e-3
            pitches = [turn[number % len(turn)]] if figure.way == "broken" else [turn[0]] if low else voiced
            end = (
                min(one.end, now + max(0.1, gate * figure.length))
                if figure.step or name == "drawn"
                else one.end
            )
            for pitch in pitches:
                stress = 8 * (abs(now - round(now)) < 1e-3)
                piece.note(channel, pitch, loud + stress + chance.normal(0, 5), now, end)


def play_bass(
    piece: Piece, chance: Chance, channel: int, harmony: Harmony, name: str, places: list[float]
) -> None:
    """Play the bass by a figure of BASSES, or, if it is called "drawn", at these places of each bar."""
    figure, loud, gate = (
        BASSES.get(name, Figure(1, 0, 0.6)),
        chance.uniform(75, 110),
        chance.uniform(0.5, 1.1),
    )
    moves = {
        "walk": (0, 4, 7, 9, 12, 5, 2),
        "octaves": (0, 12),
        "roots": (0, 0, 0, 7),
        "tumbao": (7, 12),
    }.get(name, (0, 0, 0, 12))
    for one in harmony.plan:
        root = 28 + (one.pitches[0] - 28) % 12
        for number, now in enumerate(_times(piece, chance, one, figure, places, name)):
            turn = moves[number % 2] if name == "octaves" else moves[chance.integers(len(moves))]
            end = min(one.end, now + gate * figure.length) if figure.step else one.end
            piece.note(channel, root + (turn if number else 0), loud + chance.normal(0, 6), now, end)


def _times(
    piece: Piece, chance: Chance, one: Stretch, figure: Figure, places: list[float], name: str
) -> list[float]:
    """When a chord is struck."""
    if name != "drawn":
        return strokes(chance, figure, one.start, one.end)
    bar = one.start // piece.bar * piece.bar
    return [bar + place for place in places if one.start <= bar + place < one.end]


def drum(
    piece: Piece, chance: Chance, kicks: str, snares: str, cymbal: str, parts: int, swing: float
) -> None:
    """Play drums: patterns of one bar, an "x" for each stroke, `parts` characters a beat, with fills.

    Every second sixteenth is late by a part of a beat, the swing.
    """
    hit = int(chance.choice([SNARE, SNARE, 40, CLAP, RIM]))
    loud = {KICK: chance.uniform(85, 120), hit: chance.uniform(80, 120)}
    fill, instrument, soft = int(chance.choice([0, 4, 8])), CYMBALS[cymbal][0], chance.uniform(0.65, 1)
    loud[instrument] = chance.uniform(50, 100)
    for start in range(0, piece.beats, piece.bar):
        filling = bool(fill) and start // piece.bar % fill == fill - 1
        times = [(KICK, time) for time in _marks(kicks, parts)] + [
            (hit, time) for time in _marks(snares, parts)
        ]
        times += [(instrument, time) for time in strokes(chance, CYMBALS[cymbal][1], 0, piece.bar)]
        for drum_hit, time in times:
            if filling and drum_hit == hit and time >= piece.bar - 1:
                continue
            late = swing if parts == 4 and round(time * 4) % 2 else 0
            weaker = soft if drum_hit == instrument and time % 1 else 1
            piece.note(
                DRUMS,
                drum_hit,
                loud[drum_hit] * weaker + chance.normal(0, 7),
                start + time + late,
                start + time + late + 0.2,
            )
        _decorate(piece, chance, start, parts, filling)


def _decorate(piece: Piece, chance: Chance, start: int, parts: int, filling: bool) -> None:
    """A ghost note now and then, and at the end of a phrase a fill."""
    if chance.random() < 0.3:
        now = start + int(chance.integers(piece.bar * parts)) / parts
        piece.note(DRUMS, int(chance.choice([SNARE, KICK])), chance.uniform(35, 70), now, now + 0.2)
    if filling:
        for part in range(parts):
            if chance.random() < 0.75:
                now = start + piece.bar - 1 + part / parts
                piece.note(
                    DRUMS, int(chance.choice([SNARE, SNARE, *TOMS])), chance.uniform(75, 115), now, now + 0.2
                )
        piece.note(DRUMS, CRASH, chance.uniform(80, 115), start + piece.bar, start + piece.bar + 0.5)


def _marks(pattern: str, parts: int) -> list[float]:
    return [number / parts for number, mark in enumerate(pattern) if mark == "x"]
