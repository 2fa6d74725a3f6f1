"""Bars of a style, composed by chance and played unevenly."""

import numpy as np
from playing import TICKS, Event
from styles import Style

from samplemind_plugins.tempo.grid import Numbers

KEYS = {  # of General MIDI's drums
    "kick": (35, 36),
    "snare": (38, 40, 37),
    "ghost": (38, 40),
    "clap": (39,),
    "hat": (42, 44),
    "open": (46,),
    "ride": (51, 59, 53),
    "crash": (49, 57),
    "shaker": (70, 82, 69),
    "tambourine": (54,),
    "rim": (37, 75, 76),
    "bell": (56, 67),
    "conga": (62, 63, 64),
}
KITS, FILLS = (0, 8, 16, 24, 25, 32, 40), (38, 45, 47, 48, 50)
BASSES, CHORDS = (
    (32, 33, 34, 35, 36, 38, 39),
    (0, 1, 4, 5, 7, 16, 24, 25, 25, 26, 27, 28, 29, 46, 48, 81, 88),
)
SHAPES = ((0, 4, 7), (0, 3, 7), (0, 4, 7, 10), (0, 3, 7, 10), (0, 4, 7, 11))
ROOTS = (0, 0, 5, 7, -3, 2, -4)
PICKED = (0, 2, 1, 3, 2, 4, 1, 3)
Hit = tuple[int, int, float]  # bar, tick, strength


def composed(
    rng: np.random.Generator, style: Style, bars: int, parts: tuple[str, ...], chord: bool
) -> list[Event]:
    """So many bars of "drums", "bass" and "chords"; of one chord, or of others bar by bar."""
    roots = np.zeros(bars, int) if chord else rng.choice(ROOTS, bars)
    shape = SHAPES[int(rng.integers(len(SHAPES)))]
    band, events = Band(rng, style, bars), []
    if "drums" in parts:
        events += band.drums()
    if "bass" in parts:
        events += [(0, bytes([0xC1, int(rng.choice(BASSES))])), *band.bass(roots)]
    if "chords" in parts:
        events += [(0, bytes([0xC2, int(rng.choice(CHORDS))])), *band.chords(roots, shape)]
    return events


class Band:
    """Plays the same bars again and again: how loud, how late, and how often it varies them."""

    def __init__(self, rng: np.random.Generator, style: Style, bars: int) -> None:
        self.rng, self.style, self.bars = rng, style, bars
        self.end = bars * style.beats * TICKS
        self.late, self.uneven = rng.choice([0, 4, 10]), rng.uniform(4, 14)
        self.vary = rng.choice([0, 0.02, 0.06])

    def drums(self) -> list[Event]:
        """Most of the style's drums, and sometimes a fill at the end."""
        rng, events = self.rng, [(0, bytes([0xC9, int(self.rng.choice(KITS))]))]
        kept = [name for name in self.style.drums if rng.random() < 0.88] or list(self.style.drums)
        fill = rng.random() < 0.35 and self.bars > 1
        for name in kept:
            key, level = int(rng.choice(KEYS[name])), rng.uniform(0.6, 1.05)
            for _, tick, strength in self._hits(self.style.drums[name]):
                filled = fill and tick >= self.end - 2 * TICKS and name in ("snare", "hat", "rim")
                if not filled:
                    events.append((tick, bytes([0x99, key, self._velocity(strength * level)])))
        return events + (self._fill() if fill else [])

    def _fill(self) -> list[Event]:
        step = TICKS // (3 if self.style.thirds else int(self.rng.choice([2, 4])))
        return [
            (tick, bytes([0x99, int(self.rng.choice(FILLS)), self._velocity(self.rng.uniform(0.6, 1))]))
            for tick in range(self.end - 2 * TICKS, self.end, step)
            if self.rng.random() < 0.75
        ]

    def bass(self, roots: Numbers) -> list[Event]:
        """A line on the roots, with fifths and octaves."""
        root, events = int(self.rng.integers(28, 41)), []
        hits = self._hits(self.style.bass)
        other = self.rng.choice([0, 0, 7, 12], 64)
        for number, (bar, tick, strength) in enumerate(hits):
            pitch = root + int(roots[bar]) + (int(other[number % 8]) if number % 8 else 0)
            events += self._note(1, pitch, tick, self._following(hits, number), strength)
        return events

    def chords(self, roots: Numbers, shape: tuple[int, ...]) -> list[Event]:
        """Struck whole, strummed, or note by note."""
        rng = self.rng
        root, apart = int(rng.integers(50, 62)), rng.random() < 0.35
        hits, events = self._hits(self.style.chords), []
        voicing = [*shape, *(12 + one for one in shape)]
        order = rng.integers(0, len(voicing), 16).tolist() if rng.random() < 0.5 else PICKED
        held, each = rng.uniform(0.3, 1.2), max(1, sum(bar == 0 for bar, *_ in hits))
        strum = int(rng.choice([0, 4, 12]))
        for number, (bar, tick, strength) in enumerate(hits):
            end = tick + max(40, int((self._following(hits, number) - tick) * held))
            here = root + int(roots[bar])
            if apart:
                pitch = here + voicing[order[number % each % len(order)] % len(voicing)]
                events += self._note(2, pitch, tick, end, strength)
                continue
            for place, step in enumerate(shape):
                events += self._note(
                    2, here + step, tick + place * strum, end + place * strum, strength * 0.9
                )
        return events

    def _hits(self, choices: str) -> list[Hit]:
        """One of the bars to choose from, every time a little different."""
        bar = str(self.rng.choice(choices.split()))
        step, found = self.style.beats * TICKS // len(bar), []
        for number in range(self.bars):
            for place, mark in enumerate(bar):
                struck = mark != "-"
                if self.rng.random() < self.vary:
                    struck = not struck and self.rng.random() < 0.4
                if struck:
                    late = self.style.swing * step * (place % 2) + abs(self.rng.normal(0, self.late))
                    strength = (0.55 if mark == "o" else 0.9) * (1.08 if place == 0 else 1)
                    found.append((number, round((number * len(bar) + place) * step + late), strength))
        return found

    def _following(self, hits: list[Hit], number: int) -> int:
        return hits[number + 1][1] if number + 1 < len(hits) else self.end

    def _velocity(self, strength: float) -> int:
        return int(np.clip(112 * strength + self.rng.normal(0, self.uneven), 12, 127))

    def _note(self, channel: int, pitch: int, start: int, end: int, strength: float) -> list[Event]:
        return [
            (start, bytes([0x90 | channel, pitch, self._velocity(strength)])),
            (max(start + 30, end - 5), bytes([0x80 | channel, pitch, 0])),
        ]
