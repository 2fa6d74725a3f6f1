"""Sounds of which it is known whether drums play, and notes of which it is known what plays them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from kits import hydrogen, machines
from playing import RANGES, mixed, render, strummed, trim
from sets import RATE, Sound, read

WITH_DRUMS, WITHOUT = ("arranger_drums", "breaks"), ("arranger_bass", "arranger_chords")
FAMILY_OF = {
    "piano": "keys", "acoustic guitar": "guitar", "electric guitar": "guitar", "electric bass": "bass", "bass": "bass",
    "violin": "strings", "saxophone": "winds", "trumpet": "winds", "flute": "winds", "vibraphone": "mallets",
    "xylophone": "mallets", "organ": "organ", "pipa": "guitar", "sitar": "guitar",
}  # fmt: skip
FAMILY_PLAYED = {
    name: {"piano": "keys", "brass": "winds"}.get(name, name) for name in RANGES if name != "synth"
}


@dataclass(frozen=True)
class Scene:
    """A sound and what plays."""

    sound: Sound
    label: str  # "drums" or "none"; of notes, the family
    source: str
    group: str  # what must stay together: a style, a machine, a recording chain


def recorded(folder: Path) -> Iterator[Scene]:
    """Loops of the corpora with drums alone, and those without."""
    for source in (*WITH_DRUMS, *WITHOUT):
        with open(folder / source / "labels.csv") as table:
            for row in csv.DictReader(table):
                group = f"{source}/{row.get('style') or row['file']}"
                label = "drums" if source in WITH_DRUMS else "none"
                yield Scene(read(folder / source / row["file"]), label, source, group)


def notes(folder: Path) -> Iterator[Scene]:
    """The notes of the corpora by family; hand drums are left out."""
    with open(folder / "instruments" / "labels.csv") as table:
        for row in csv.DictReader(table):
            if family := FAMILY_OF.get(row["instrument"]):
                yield Scene(
                    read(folder / "instruments" / row["file"]),
                    family,
                    "instruments",
                    row["file"].split("_")[0],
                )


def songs(folder: Path) -> Iterator[Scene]:
    """Real songs, labelled by genre: whether they have drums is not known."""
    with open(folder / "gtzan_partial" / "labels.csv") as table:
        for row in csv.DictReader(table):
            yield Scene(
                read(folder / "gtzan_partial" / row["file"]), row["genre"], "gtzan_partial", row["file"]
            )


def played_notes(font: Path, rng: np.random.Generator, count: int) -> Iterator[Scene]:
    """Notes of General MIDI instruments by family."""
    for number in range(count):
        part = list(FAMILY_PLAYED)[number % len(FAMILY_PLAYED)]
        programs, low, high = RANGES[part]
        pitch, held = int(rng.integers(low, high)), int(rng.uniform(0.2, 4) * 960)
        events = [
            (0, bytes([0xC0, int(rng.choice(list(programs)))])),
            (10, bytes([0x90, pitch, int(rng.integers(50, 125))])),
            (10 + held, bytes([0x80, pitch, 0])),
        ]
        yield Scene(trim(render(font, events, 120.0)), FAMILY_PLAYED[part], "played", font.stem)


def played_mixes(font: Path, rng: np.random.Generator, count: int) -> Iterator[Scene]:
    """Some seconds of General MIDI parts, with drums and without."""
    for sound, drums in mixed(font, rng, count):
        yield Scene(sound, "drums" if drums else "none", "played", font.stem)
    for sound, drums in strummed(font, rng, count):
        yield Scene(sound, "drums" if drums else "none", "strummed", font.stem)


def arranged(folder: Path, kits: Path, rng: np.random.Generator, count: int) -> Iterator[Scene]:
    """Patterns of one-shots and of notes, strummed, plucked or held, alone and together; a kit a scene."""
    strokes = strokes_of(folder, kits)
    tones: dict[str, list[Sound]] = {}
    for scene in notes(folder):
        tones.setdefault(f"{scene.group}/{scene.label}", []).append(scene.sound[: 2 * RATE])
    for number in range(count):
        kit, player = str(rng.choice(list(strokes))), str(rng.choice(list(tones)))
        length = int(rng.uniform(3, 10) * RATE)
        drums, band = beaten(strokes[kit], length, rng), _accompanied(tones[player], length, rng)
        both = [drums * 10 ** rng.uniform(-0.5, 0.3) + band, drums, band, band][number % 4]
        label = "drums" if number % 4 < 2 else "none"
        yield Scene(
            both.astype(np.float32), label, "arranged", f"arranged/{kit if label == 'drums' else player}"
        )


def strokes_of(folder: Path, kits: Path) -> dict[str, list[Sound]]:
    """The strokes of each kit and drum machine that has at least six."""
    found: dict[str, list[Sound]] = {}
    for item in (*machines(folder), *hydrogen(kits)):
        found.setdefault(item.group, []).append(item.sound[:RATE])
    return {name: sounds for name, sounds in found.items() if len(sounds) >= 6}


def beaten(strokes: list[Sound], length: int, rng: np.random.Generator) -> Sound:
    """A pattern of four of the strokes, of `length` samples."""
    step, chosen = int(60 / rng.uniform(70, 170) / 2 * RATE), rng.choice(len(strokes), 4)
    sound = np.zeros(length + RATE, np.float32)
    for place, one in enumerate(chosen):
        stroke, pattern = (
            strokes[one] / (np.abs(strokes[one]).max() + 1e-6),
            rng.random(16) < (0.35, 0.25, 0.6, 0.15)[place],
        )
        for at in range(0, length, step):
            if pattern[at // step % 16]:
                sound[at : at + len(stroke)] += stroke * rng.uniform(0.5, 1)
    return sound[:length]


def _accompanied(tones: list[Sound], length: int, rng: np.random.Generator) -> Sound:
    """Chords that are strummed or struck, or single tones, on a steady pulse; often damped soon."""
    step, voices = (
        int(60 / rng.uniform(60, 180) / rng.choice([0.5, 1, 2, 2, 4]) * RATE),
        int(rng.choice([1, 1, 3, 4, 6])),
    )
    damped, gap = int(rng.choice([step // 2, step, 4 * step])), rng.uniform(0, 0.025)
    sound = np.zeros(length + 3 * RATE, np.float32)
    for at in range(0, length, step):
        if rng.random() < 0.2:
            continue
        for voice, one in enumerate(rng.choice(len(tones), voices)):
            start, tone = (
                at + int(voice * gap * RATE),
                tones[one][:damped] / (np.abs(tones[one]).max() + 1e-6),
            )
            fade = min(len(tone), 600)
            tone = np.concatenate(
                [tone[: len(tone) - fade], tone[len(tone) - fade :] * np.linspace(1, 0, fade)]
            )
            sound[start : start + len(tone)] += tone * rng.uniform(0.4, 1) / np.sqrt(voices)
    return sound[:length]
