"""A General MIDI synthesiser's playing: notes, loops of an exact length, and pieces."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from sets import RATE, Item, Sound

TICKS = 480  # a beat
RANGES = {
    "piano": (range(8), 36, 90),
    "mallets": (range(8, 15), 53, 96),
    "organ": (range(16, 21), 40, 84),
    "guitar": (range(24, 32), 40, 76),
    "bass": (range(32, 40), 28, 50),
    "strings": (range(40, 52), 40, 90),
    "brass": (range(56, 64), 43, 80),
    "winds": (range(64, 80), 50, 92),
    "synth": (range(80, 96), 36, 90),
}
KITS = (0, 8, 16, 24, 25, 32, 40)
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
Event = tuple[int, bytes]  # tick, message


def played(
    font: Path, rng: np.random.Generator, notes: int, loops: int, pieces: int, drums: bool = True
) -> Iterator[Item]:
    """So many of each, played with a sound font."""
    group = f"played/{font.stem}"
    for _ in range(notes):
        yield Item(trim(render(font, *_note(rng, drums))), "one-shot", "played", group)
    for _ in range(loops):
        bpm = float(rng.integers(70, 180)) if rng.random() < 0.7 else float(rng.uniform(70, 180))
        bars = int(rng.choice([1, 2, 2, 4, 4, 8]))
        metre = 3 if rng.random() < 0.15 else 4
        events = _music(rng, bars * metre, metre, repeats=int(rng.choice([1, 1, 2, 4])))
        length = round(bars * metre * 60 / bpm * RATE)
        yield Item(_closed(render(font, events, bpm), length, rng), "loop", "played", group, "", bpm)
    for _ in range(pieces):
        bpm = float(rng.uniform(60, 190))
        beats = int(rng.uniform(20, 70) * bpm / 60)
        yield Item(
            trim(render(font, _music(rng, beats, int(rng.choice([3, 4, 4])), 1), bpm)),
            "song",
            "played",
            group,
        )


def trim(sound: Sound) -> Sound:
    """From the first sample that is heard to the last."""
    heard = np.flatnonzero(np.abs(sound) > 3e-4)
    return sound[heard[0] : heard[-1] + 1] if len(heard) > 100 else sound[:RATE]


def _closed(sound: Sound, length: int, rng: np.random.Generator) -> Sound:
    """A loop of that length: cut, or with what rings on laid over its beginning."""
    loop = np.pad(sound, (0, max(0, length - len(sound))))[:length].copy()
    ringing = sound[length : 2 * length]
    if rng.random() < 0.5:
        loop[: len(ringing)] += ringing
    return loop


def _note(rng: np.random.Generator, drums: bool) -> tuple[list[Event], float]:
    if drums and rng.random() < 0.25:
        events = [(0, bytes([0xC9, int(rng.choice(KITS))]))]
        return [*events, (10, bytes([0x99, int(rng.integers(35, 82)), int(rng.integers(50, 125))]))], 120.0
    programs, low, high = RANGES[str(rng.choice(list(RANGES)))]
    pitch = int(rng.integers(low, high))
    pitches = [pitch] if rng.random() < 0.75 else [pitch, pitch + int(rng.choice([3, 4])), pitch + 7]
    held = 10 + int(rng.uniform(0.1, 4) * 2 * TICKS)
    events = [(0, bytes([0xC0, int(rng.choice(list(programs)))]))]
    for one in pitches:
        events += [(10, bytes([0x90, one, int(rng.integers(50, 125))])), (held, bytes([0x80, one, 0]))]
    return events, 120.0


def mixed(font: Path, rng: np.random.Generator, count: int) -> Iterator[tuple[Sound, bool]]:
    """Some seconds of one to four parts, with drums and without, and whether there are drums."""
    for number in range(count):
        bpm, drums = float(rng.uniform(70, 180)), number % 2 == 0
        yield trim(render(font, _music(rng, int(rng.uniform(4, 14) * bpm / 60), 4, 1, drums), bpm)), drums


def strummed(font: Path, rng: np.random.Generator, count: int) -> Iterator[tuple[Sound, bool]]:
    """Guitars that strum chords, damped and let ring, every fourth with drums; and whether there are."""
    for number in range(count):
        bpm, drums = float(rng.uniform(60, 150)), number % 4 == 0
        beats = int(rng.uniform(4, 10) * bpm / 60)
        events = [(0, bytes([0xC0, int(rng.choice([24, 25, 25, 26, 27, 28, 29, 30]))])), *_strums(rng, beats)]
        yield trim(render(font, events + (_beat(rng, beats, 4) if drums else []), bpm)), drums


def banded(font: Path, rng: np.random.Generator, count: int) -> Iterator[tuple[Sound, bool]]:
    """Loud bands: distorted guitars in fifths, a bass with them, and what else; every second with drums."""
    for number in range(count):
        bpm, drums = float(rng.uniform(80, 190)), number % 2 == 0
        beats = int(rng.uniform(4, 9) * bpm / 60)
        events = _power_chords(rng, beats)
        for channel in range(3, 3 + int(rng.integers(0, 3))):
            part = str(rng.choice(["organ", "strings", "synth", "brass", "piano"]))
            events.append((0, bytes([0xC0 | channel, int(rng.choice(list(RANGES[part][0])))])))
            events += _line(rng, channel, part, beats, MINOR, 4)
        if drums:
            events += [(0, bytes([0xC9, int(rng.choice(KITS))])), *_beat(rng, beats, 4)]
        yield trim(render(font, events, bpm)), drums


def _power_chords(rng: np.random.Generator, beats: int) -> list[Event]:
    """Two guitars and a bass on one rhythm, a root a bar; damped strokes are short."""
    step, damped = int(rng.choice([TICKS // 4, TICKS // 2, TICKS // 2, TICKS])), rng.random(16) < rng.random()
    played = rng.random(16) < rng.uniform(0.4, 1)
    guitars = [
        int(rng.choice([28, 29, 30, 30])),
        int(rng.choice([26, 29, 30])),
        int(rng.choice([33, 34, 36])),
    ]
    roots = 28 + rng.integers(0, 12, 8)
    events: list[Event] = [(0, bytes([0xC0 | channel, one])) for channel, one in enumerate(guitars)]
    for number, tick in enumerate(range(0, beats * TICKS, step)):
        if not played[number % 16]:
            continue
        root, held = int(roots[tick // (4 * TICKS) % 8]), step // 4 if damped[number % 16] else step
        for channel, pitch in ((0, root + 12), (0, root + 19), (1, root + 12), (1, root + 24), (2, root)):
            loud, start = int(rng.integers(80, 125)), tick + int(rng.integers(0, 12))
            events += [
                (start, bytes([0x90 | channel, pitch, loud])),
                (start + held, bytes([0x80 | channel, pitch, 0])),
            ]
    return events


def _strums(rng: np.random.Generator, beats: int) -> list[Event]:
    """Six strings a stroke, down and up, a chord a bar; some strokes are damped at once."""
    step, gap = int(rng.choice([TICKS // 4, TICKS // 2, TICKS // 2, TICKS])), int(rng.integers(2, 25))
    played, damped = rng.random(16) < rng.uniform(0.5, 1), rng.random(16) < rng.choice([0, 0.3, 0.7])
    events: list[Event] = []
    for number, tick in enumerate(range(0, beats * TICKS, step)):
        if not played[number % 16]:
            continue
        root = int(np.random.default_rng(tick // (4 * TICKS)).integers(-4, 5))
        strings = [root + string for string in (40, 47, 52, 56, 59, 64)]
        held = step // 6 if damped[number % 16] else int(step * rng.uniform(0.8, 2))
        for place, pitch in enumerate(strings if number % 2 == 0 else strings[:1:-1]):
            start, loud = tick + place * gap, int(rng.integers(60, 122))
            events += [(start, bytes([0x90, pitch, loud])), (start + held, bytes([0x80, pitch, 0]))]
    return events


def _music(
    rng: np.random.Generator, beats: int, metre: int, repeats: int, drums: bool | None = None
) -> list[Event]:
    """One to four parts; a pattern that comes `repeats` times."""
    span = max(1, beats // repeats)
    parts = list(rng.choice(list(RANGES), int(rng.choice([drums is False, 1, 1, 2, 3, 4])), replace=False))
    events: list[Event] = []
    scale, root = MAJOR if rng.random() < 0.5 else MINOR, int(rng.integers(0, 12))
    pattern: list[Event] = []
    for channel, part in enumerate(parts):
        events.append((0, bytes([0xC0 | channel, int(rng.choice(list(RANGES[part][0])))])))
        pattern += _line(rng, channel, part, span, scale, root)
    if drums or (drums is None and (rng.random() < 0.6 or not parts)):
        events.append((0, bytes([0xC9, int(rng.choice(KITS))])))
        pattern += _beat(rng, span, metre)
    for repeat in range(repeats):
        events += [(tick + repeat * span * TICKS, message) for tick, message in pattern]
    return events


def _line(
    rng: np.random.Generator, channel: int, part: str, beats: int, scale: tuple[int, ...], root: int
) -> list[Event]:
    _, low, high = RANGES[part]
    step = int(rng.choice([120, 240, 240, 480, 480, 960, 1920]))
    voices = 1 if part in ("bass", "brass", "winds") else int(rng.choice([1, 3]))
    octave = int(rng.integers(low // 12, max(low // 12 + 1, high // 12)))
    events: list[Event] = []
    tick, degree = 0, int(rng.integers(0, 7))
    while tick < beats * TICKS:
        length = min(step * int(rng.choice([1, 1, 2])), beats * TICKS - tick)
        if rng.random() > 0.12 or tick == 0:
            for voice in range(voices):
                steps = degree + 2 * voice
                pitch = min(110, 12 * octave + root + scale[steps % 7] + 12 * (steps // 7))
                held = tick + int(length * rng.uniform(0.6, 1))
                events += [
                    (tick, bytes([0x90 | channel, pitch, int(rng.integers(60, 120))])),
                    (held, bytes([0x80 | channel, pitch, 0])),
                ]
        tick, degree = tick + length, int(np.clip(degree + rng.integers(-3, 4), 0, 9))
    return events


def _beat(rng: np.random.Generator, beats: int, metre: int) -> list[Event]:
    hat, snare = int(rng.choice([42, 46, 51, 70])), int(rng.choice([38, 40, 37, 39]))
    kicks = {0, *rng.choice(metre * 2, 2).tolist()}
    events: list[Event] = []
    for eighth in range(beats * 2):
        place, tick = eighth % (metre * 2), eighth * TICKS // 2
        hits = [36] if place in kicks else []
        hits += [snare] if place in ((2, 6) if metre == 4 else (2, 4)) else []
        hits += [hat] if place % 2 == 0 or rng.random() < 0.5 else []
        events += [(tick, bytes([0x99, hit, int(rng.integers(60, 120))])) for hit in hits]
    return events


def render(font: Path, events: list[Event], bpm: float) -> Sound:
    """The events played by fluidsynth, mono at RATE; tempo in BPM."""
    with tempfile.TemporaryDirectory() as folder:
        midi, wave = Path(folder) / "a.mid", Path(folder) / "a.wav"
        midi.write_bytes(_file(events, bpm))
        command = [
            "fluidsynth",
            "-ni",
            "-q",
            "-g",
            "0.4",
            "-R",
            "1" if len(events) % 2 else "0",
            "-F",
            str(wave),
        ]
        subprocess.run([*command, "-r", str(RATE), str(font), str(midi)], check=True, capture_output=True)
        sound, _ = soundfile.read(wave, dtype="float32")
    return np.asarray(sound.mean(axis=1), np.float32)


def _file(events: list[Event], bpm: float) -> bytes:
    track, last = b"\x00\xff\x51\x03" + int(60e6 / bpm).to_bytes(3, "big"), 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track, last = track + _variable(tick - last) + message, tick
    track += b"\x00\xff\x2f\x00"
    head = b"MThd" + (6).to_bytes(4, "big") + b"\x00\x00\x00\x01" + TICKS.to_bytes(2, "big")
    return head + b"MTrk" + len(track).to_bytes(4, "big") + track


def _variable(number: int) -> bytes:
    parts = [number & 127]
    while number := number >> 7:
        parts.append((number & 127) | 128)
    return bytes(reversed(parts))
