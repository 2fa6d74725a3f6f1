"""Compose loops and excerpts in many styles, for fit.py to learn from beside the labelled sounds.

usage: compose.py CACHE SOUNDFONT [SOUNDFONT]

Each is played by FluidSynth with one of the fonts; what was heard is kept in CACHE.
"""

import pickle
import sys
from pathlib import Path

import numpy as np
from composing import composed
from labelled import COMPOSED, hear
from playing import render
from styles import Style, styles

from samplemind_plugins.tempo.grid import Numbers
from samplemind_plugins.tempo.memory import Heard
from samplemind_sdk import RATE

PARTS = (
    ("drums",),
    ("chords",),
    ("bass",),
    ("chords", "bass"),
    ("drums", "bass"),
    ("drums", "bass", "chords"),
)
ODDS = (0.34, 0.26, 0.14, 0.04, 0.05, 0.17)
COMPOUND, PLAIN = 47, 55  # where the styles that are compound alone begin, and what beats and does no more
ROUNDS = (  # seed, styles, sounds of each
    (1, slice(0, COMPOUND), 14),
    (2, slice(COMPOUND, PLAIN), 25),  # more, as they are rare among the others
    (3, slice(PLAIN, None), 40),
)
LENGTHS = (1, 2, 4, 8, 16)  # bars of a loop
SHORTEST, LONGEST = 2.2, 26.0  # seconds, of a loop


def main(kept: Path, fonts: list[Path]) -> None:
    """Compose all, and say how far it is."""
    found = []
    for seed, chosen, count in ROUNDS:
        rng = np.random.default_rng(seed)
        for style in styles()[chosen]:
            found += [_one(rng, style, number, fonts) for number in range(count)]
            print(style.name, len(found), flush=True)
    kept.mkdir(parents=True, exist_ok=True)
    (kept / COMPOSED).write_bytes(pickle.dumps(found))


def _one(
    rng: np.random.Generator, style: Style, number: int, fonts: list[Path]
) -> tuple[str, str, float, Heard]:
    """What it is, its style, its tempo, and what was heard of it."""
    bpm = float(rng.integers(style.slowest, style.fastest + 1))
    parts, bar = PARTS[int(rng.choice(len(PARTS), p=ODDS))], style.beats * 60 / bpm
    loop = rng.random() < 0.75
    fitting = [bars for bars in LENGTHS if SHORTEST <= bars * bar <= LONGEST]
    bars = int(rng.choice(fitting or [2])) if loop else int(np.ceil(20 / bar)) + 1
    font = fonts[-1 if rng.random() < 0.5 else 0]
    events = composed(rng, style, bars, parts, chord=rng.random() < 0.7)
    sound = render(font, events, bpm, echo=rng.random() < 0.5)
    cut = _loop(rng, sound, round(bars * bar * RATE)) if loop else _excerpt(rng, sound, bar)
    level = 10 ** (rng.uniform(-10, 0) / 20) / max(1e-3, np.abs(cut).max())
    heard = hear(*[(cut * level).astype(np.float32)[None]] * 2, RATE)
    return (
        f"{style.name} {number} {'loop' if loop else 'excerpt'} of {' '.join(parts)}",
        style.name,
        bpm,
        heard,
    )


def _loop(rng: np.random.Generator, sound: Numbers, length: int) -> Numbers:
    """So many samples; what rings on after them is sometimes laid over their beginning."""
    loop, ringing = (
        np.pad(sound, (0, max(0, length - len(sound))))[:length].copy(),
        sound[length : 2 * length],
    )
    if rng.random() < 0.6:
        loop[: len(ringing)] += ringing
    return loop


def _excerpt(rng: np.random.Generator, sound: Numbers, bar: float) -> Numbers:
    """14 to 20 s, from somewhere in the first bar on."""
    start = int(rng.uniform(0, bar) * RATE)
    return sound[start : start + int(rng.uniform(14, 20) * RATE)]


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(font) for font in sys.argv[2:]])
