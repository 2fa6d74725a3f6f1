"""Pieces of bands, of one player of a band, and of classical players, each the same for the same number."""

import numpy as np
from harmony import Harmony, harmonise, sing
from piece import DRUMS, Chance, Piece, keep_time, length_in_beats
from players import BASSES, comp, drawn, drum, play_bass
from styles import STYLES, Style

SECONDS = 32.0  # a piece has at least
CHORDS, BASS, TUNE, MORE_CHORDS, MORE_TUNE = range(5)  # channels
KITS = (0, 0, 0, 8, 16, 24, 25, 32, 40)
LONG = (
    16,
    17,
    18,
    19,
    48,
    49,
    50,
    51,
    52,
    54,
    61,
    62,
    88,
    89,
    90,
    91,
    4,
    0,
    21,
)  # programs that hold a chord
SHORT = (0, 1, 2, 4, 5, 6, 7, 24, 25, 25, 26, 27, 27, 28, 29, 30, 46, 11, 12, 17, 61, 62, 80, 81, 15, 21, 105)
LEADS = (0, 4, 11, 16, 22, 24, 25, 26, 27, 29, 30, 40, 41, 52, 53, 54, 56, 57, 59, 60, 61, 64, 65, 66, 67, 68, 71,
         73, 74, 75, 80, 81, 82, 85, 87)  # fmt: skip
LOW = (32, 33, 33, 34, 35, 36, 38, 39)
ENSEMBLES = {  # programs of classical players, and how often they play
    (48, 48, 49, 40, 41, 42, 44): 4, (68, 70, 71, 73, 60, 72, 69): 2, (56, 57, 60, 61, 58): 1, (0,): 4, (24,): 2,
    (19,): 1, (46,): 0.7, (6,): 0.8, (52,): 0.7, (40, 42, 48, 68, 71, 73, 60, 56): 3,
}  # fmt: skip
FORMS = (
    "chords",
    "voices",
    "voices",
    "broken",
    "broken",
    "waltz",
    "held",
    "repeated",
    "march",
    "alone",
    "chords and tune",
)


def compose(number: int) -> Piece:
    """Piece number so and so."""
    chance = np.random.default_rng([number, 11])
    kind = chance.random()
    if kind < 0.4:
        return _classical(chance)
    piece = _band(chance)
    if kind < 0.55:  # one of them alone
        heard = sorted({note.channel for note in piece.notes} & {DRUMS, BASS, CHORDS})
        only = heard[chance.integers(len(heard))] if heard else None
        piece.notes = [note for note in piece.notes if only in (None, note.channel)]
    return piece


def _band(chance: Chance) -> Piece:
    name = list(STYLES)[chance.integers(len(STYLES))]
    style = STYLES[name]
    bpm = float(np.exp(chance.uniform(np.log(style.slowest * 0.95), np.log(style.fastest * 1.05))))
    piece = Piece(name, bpm, style.bar, length_in_beats(bpm, style.bar, SECONDS))
    keep_time(piece, chance, 0 if chance.random() < style.machine else chance.uniform(0.05, 0.5))
    harmony = harmonise(chance, piece.beats, style.bar)
    kicks = str(chance.choice(style.kicks))
    if chance.random() < 0.9:
        piece.voice(DRUMS, chance.choice(KITS), chance.integers(60, 127))
        snares, cymbal = str(chance.choice(style.snares)), str(chance.choice(style.cymbals))
        drum(piece, chance, kicks, snares, cymbal, style.parts, chance.uniform(0, style.swing))
    if chance.random() < 0.9:
        piece.voice(BASS, chance.choice(LOW), chance.integers(60, 125))
        name, places = str(chance.choice(style.basses)), drawn(chance, style.bar, style.parts)
        if chance.random() < 0.5 and "x" in kicks:
            places = [number / style.parts for number, mark in enumerate(kicks) if mark == "x"]
        play_bass(piece, chance, BASS, harmony, name, places)
    _melodic(piece, chance, style, harmony)
    if chance.random() < 0.15:  # somebody joins later
        late, after = int(chance.choice([DRUMS, DRUMS, BASS, CHORDS])), int(chance.integers(2, 6)) * style.bar
        piece.notes = [note for note in piece.notes if note.channel != late or note.start >= after]
    return piece


def _melodic(piece: Piece, chance: Chance, style: Style, harmony: Harmony) -> None:
    """Chords and tunes of a band: one of each, or two."""
    for channel in (CHORDS, MORE_CHORDS)[: 1 + (chance.random() < 0.4)]:
        if chance.random() < 0.9:
            name = str(chance.choice(style.comps))
            piece.voice(channel, chance.choice(LONG if name == "held" else SHORT), chance.integers(40, 110))
            comp(piece, chance, channel, harmony, name, style.parts)
    for channel in (TUNE, MORE_TUNE)[: 1 + (chance.random() < 0.3)]:
        if chance.random() < 0.75:
            piece.voice(channel, chance.choice(LEADS), chance.integers(50, 120))
            parts = 3 if style.parts == 3 else 1 if piece.bpm > 170 else 2 if piece.bpm > 105 else 4
            sing(piece, chance, channel, harmony, parts, int(chance.choice([50, 55, 55, 62, 67])))


def _classical(chance: Chance) -> Piece:
    form = str(chance.choice(FORMS))
    rolling = form not in ("waltz", "march") and chance.random() < 0.12
    bar = 3 if form == "waltz" else 2 if rolling else int(chance.choice([4, 4, 4, 3, 2]))
    slowest, fastest = (90, 210) if form == "waltz" else (38, 120) if rolling else (38, 230)
    centre, width = np.log(70 if rolling else 130 if form == "waltz" else 98), 0.42
    bpm = float(np.clip(np.exp(chance.normal(centre, width)), slowest, fastest))
    piece = Piece(f"classical {form}", bpm, bar, length_in_beats(bpm, bar, SECONDS))
    keep_time(piece, chance, float(chance.choice([0.3, 1, 1.7], p=[0.3, 0.45, 0.25])))
    harmony = harmonise(chance, piece.beats, bar)
    parts = (
        3 if rolling else 1 if bpm > 165 else 2 if bpm > 95 else 4 if bpm < 72 or chance.random() < 0.3 else 2
    )
    often = np.array(list(ENSEMBLES.values()))
    players = list(ENSEMBLES)[chance.choice(len(often), p=often / often.sum())]
    for channel in range(5):
        piece.voice(channel, chance.choice(players), chance.integers(55, 112))
    _arrange(piece, chance, form, harmony, parts)
    return piece


def _arrange(piece: Piece, chance: Chance, form: str, harmony: Harmony, parts: int) -> None:
    """Write what a form asks for: chords in one of many figures, voices, a tune."""
    broken = {1: "broken8", 2: "broken8", 3: "broken3", 4: "broken16"}[parts]
    repeated = {1: "quarters", 2: "strum8", 3: "thirds", 4: "strum16"}[parts]
    figures = {"broken": broken, "alone": broken, "waltz": "waltz", "held": "held", "repeated": repeated,
               "march": "boomchick", "chords": "quarters", "chords and tune": "quarters"}  # fmt: skip
    if form == "voices" or (form == "alone" and chance.random() < 0.5):
        count = 1 if form == "alone" else int(chance.choice([2, 3, 4]))
        for channel, lowest in zip(range(count), (67, 55, 47, 38), strict=False):
            sing(piece, chance, channel, harmony, parts, lowest)
        return
    comp(piece, chance, CHORDS, harmony, figures[form], parts)
    if form in ("alone", "chords"):
        return
    sing(piece, chance, TUNE, harmony, parts, int(chance.choice([55, 59, 62, 67])))
    if chance.random() < 0.6:
        name = (
            "held"
            if piece.bar == 3
            else str(chance.choice([name for name in BASSES if name in ("held", "roots", "walk")]))
        )
        play_bass(piece, chance, BASS, harmony, name, [0])
    if form == "march" and chance.random() < 0.6:
        piece.voice(DRUMS, 48, chance.integers(50, 110))
        style = STYLES["march"]
        drum(piece, chance, style.kicks[0], str(chance.choice(style.snares)), "none", 4, 0)
