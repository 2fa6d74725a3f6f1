"""Players: each plays its part of a progression into a score, as chance has it."""

from dataclasses import dataclass
from random import Random

from harmony import SCALES, Chord
from score import DRUMS, Score

COMPING = (0, 1, 2, 4, 5, 6, 7, 11, 16, 17, 18, 19, 21, 22, 24, 25, 26, 27, 28, 48, 49, 50, 51, 52, 54, 61, 62, 80,
           81, 88, 89, 90, 91)  # fmt: skip
DISTORTED = (27, 28, 29, 29, 30, 30)
BASSES = (32, 33, 34, 35, 36, 38, 39, 87)
LEADS = (0, 4, 11, 21, 22, 24, 25, 26, 27, 40, 41, 42, 52, 53, 56, 57, 60, 64, 65, 66, 67, 68, 71, 73, 74, 75, 79, 80,
         81, 85, 105, 110)  # fmt: skip
CHORD_CHANNEL, BASS_CHANNEL, LEAD_CHANNEL = 0, 1, 2
KICK, SNARES, CYMBALS = 36, (38, 38, 39, 40), (42, 42, 46, 51)


@dataclass(frozen=True)
class Stretch:
    """One chord and when it sounds, in beats."""

    chord: Chord
    start: float
    end: float


def lay_out(progression: list[Chord], first: int, bars: int, bar: float, a_bar: int) -> list[Stretch]:
    """The progression over so many bars, from its chord number `first` on, `a_bar` chords in each."""
    length = bar / a_bar
    return [
        Stretch(progression[(number + first) % len(progression)], number * length, (number + 1) * length)
        for number in range(bars * a_bar)
    ]


def comp(score: Score, chance: Random, plan: list[Stretch], tonic: int, volume: int) -> None:
    """Play the chords: held, broken, or strummed."""
    power = plan[0].chord[2] == "5"
    score.voice(CHORD_CHANNEL, chance.choice(DISTORTED if power else COMPING), volume)
    lowest, style = (
        chance.choice((43, 48, 48, 52, 55, 60)),
        chance.choice(("held", "broken", "strum", "strum")),
    )
    for one in plan:
        pitches = _voicing(chance, one.chord, tonic, lowest)
        if style == "held":
            _strike(score, chance, pitches, one.start, one.end)
            continue
        step, length = (0.5, 2) if style == "broken" else (chance.choice((0.5, 1)), chance.uniform(0.3, 1))
        for number in range(round((one.end - one.start) / step)):
            start = one.start + number * step
            if style == "broken":
                turn = [*pitches, pitches[0] + 12]
                _strike(score, chance, [turn[number % len(turn)]], start, min(one.end, start + step * length))
            elif chance.random() < 0.85:
                _strike(score, chance, pitches, start, start + step * length)


def _voicing(chance: Random, chord: Chord, tonic: int, lowest: int) -> list[int]:
    root, intervals, kind = chord
    if kind == "5":
        low = 40 + (tonic + root - 40) % 12
        return [low, low + 7, low + 12]
    if chance.random() < 0.7:  # close together, whichever note is the lowest
        return sorted({lowest + (tonic + root + one - lowest) % 12 for one in intervals})
    low = lowest + (tonic + root - lowest) % 12
    return [low + one for one in intervals]


def _strike(score: Score, chance: Random, pitches: list[int], start: float, end: float) -> None:
    for pitch in pitches:
        score.note(CHORD_CHANNEL, pitch, chance.uniform(55, 105), start, end)


def play_bass(score: Score, chance: Random, plan: list[Stretch], tonic: int, volume: int) -> None:
    """Play the bass: long notes, roots, roots and fifths, or a walk."""
    score.voice(BASS_CHANNEL, chance.choice(BASSES), volume)
    style = chance.choice(("long", "roots", "fifths", "walk"))
    for one in plan:
        above, intervals, kind = one.chord
        root, now = 28 + (tonic + above - 28) % 12, one.start
        while now < one.end:
            step = one.end - one.start if style == "long" else chance.choice((0.5, 1))
            pitch = root
            if now > one.start and style in ("fifths", "walk") and chance.random() < 0.4:
                fifth = 6 if kind == "dim" else 7
                pitch += chance.choice(
                    (fifth, fifth, 12, fifth - 12, 10 if kind in ("7", "m7", "m", "9") else 9)
                )
            elif now > one.start and style == "walk" and chance.random() < 0.6:
                pitch += chance.choice((*intervals, 2, 5))
            if now == one.start or chance.random() < 0.85:
                end = min(one.end, now + step * chance.uniform(0.4, 1))
                score.note(BASS_CHANNEL, pitch, chance.uniform(70, 115), now, end)
            now += step


def sing(score: Score, chance: Random, plan: list[Stretch], tonic: int, scale: str, volume: int) -> None:
    """Play a melody that walks on a scale, and half of the time goes to a note of the chord."""
    score.voice(LEAD_CHANNEL, chance.choice(LEADS), volume)
    steps, filled = SCALES[scale], chance.uniform(0.4, 0.97)
    low = 60 + tonic - 12 * (tonic > 6) + chance.choice((0, 0, 12, -12))
    pitches = [low + 12 * (degree // len(steps)) + steps[degree % len(steps)] for degree in range(-4, 12)]
    place, now, end = chance.randrange(len(pitches)), 0.0, plan[-1].end
    while now < end:
        length = chance.choice((0.5, 0.5, 1, 1, 1.5, 2))
        if chance.random() < filled:
            place += chance.choice((-2, -1, -1, 0, 1, 1, 2, chance.randrange(-4, 5)))
            place = max(0, min(len(pitches) - 1, place))
            if chance.random() < 0.5:
                place = _nearest(pitches, place, next(one for one in plan if now < one.end), tonic)
            last = now + length * chance.uniform(0.6, 1)
            score.note(LEAD_CHANNEL, pitches[place], chance.uniform(70, 115), now, last)
        now += length


def _nearest(pitches: list[int], place: int, stretch: Stretch, tonic: int) -> int:
    """The place of the nearest pitch that is in the chord, or else the same place."""
    root, intervals, _ = stretch.chord
    inside = {(tonic + root + one) % 12 for one in intervals}
    fitting = [number for number, pitch in enumerate(pitches) if pitch % 12 in inside]
    return min(fitting, key=lambda number: abs(number - place), default=place)


def drum(score: Score, chance: Random, beats: int, volume: int) -> None:
    """Play drums, twice a beat."""
    score.voice(DRUMS, 0, volume)
    for half in range(2 * beats):
        start = half / 2
        hits = {
            chance.choice(CYMBALS): 0.9,
            KICK: 0.95 if half % 4 == 0 else 0.1,
            chance.choice(SNARES): 0.95 if half % 4 == 2 else 0.05,
            chance.choice((41, 45, 48, 49)): 0.03,
        }
        for pitch, often in hits.items():
            if chance.random() < often:
                score.note(DRUMS, pitch, chance.uniform(50, 120), start, start + 0.2)
