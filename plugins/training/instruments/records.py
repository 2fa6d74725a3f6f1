"""Music as records have it, with drums and without: recorded guitars that strum, and loud bands; often compressed."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from playing import banded
from scenes import Scene, beaten, strokes_of
from scipy import signal
from sets import RATE, Sound, read


def strummed_chords(
    guitar: Path, folder: Path, kits: Path, rng: np.random.Generator, count: int
) -> Iterator[Scene]:
    """Patterns of recorded strums, a chord a bar; every third with a kit. `guitar` holds strokes named by chord."""
    chords: dict[str, list[Sound]] = {}
    for path in sorted(guitar.glob("*.flac")):
        chords.setdefault(path.name.split("_")[0], []).append(read(path))
    strokes = strokes_of(folder, kits)
    for number in range(count):
        length, drums = int(rng.uniform(4, 9) * RATE), number % 3 == 0
        sound = _strumming([chords[str(one)] for one in rng.choice(list(chords), 4)], length, rng)
        if drums:
            sound = sound + beaten(strokes[str(rng.choice(list(strokes)))], length, rng) * 10 ** rng.uniform(
                -0.5, 0.2
            )
        finished = mastered(sound, rng) if rng.random() < 0.5 else sound
        yield Scene(finished, "drums" if drums else "none", "guitar", "guitar")


def _strumming(chords: list[list[Sound]], length: int, rng: np.random.Generator) -> Sound:
    """Strokes on a steady pulse, each ending the one before; some are damped at once."""
    step = int(60 / rng.uniform(60, 150) / rng.choice([1, 2, 2, 4]) * RATE)
    played, damped = rng.random(16) < rng.uniform(0.4, 1), rng.random(16) < rng.choice([0.0, 0.3, 0.7])
    sound, ends = np.zeros(length, np.float32), np.linspace(1, 0, 400)
    for number, at in enumerate(range(0, length, step)):
        if not played[number % 16]:
            continue
        same = chords[number // 16 % len(chords)]
        stroke = same[int(rng.integers(len(same)))][: step // 5 if damped[number % 16] else length - at]
        stroke = stroke[: length - at] / (np.abs(stroke).max() + 1e-6) * rng.uniform(0.5, 1)
        before = sound[max(0, at - len(ends)) : at]
        before *= ends[len(ends) - len(before) :]
        sound[at:] = 0
        sound[at : at + len(stroke)] = stroke
    return sound


def bands(font: Path, rng: np.random.Generator, count: int) -> Iterator[Scene]:
    """Loud bands of a General MIDI synthesiser, as loud as records are."""
    for sound, drums in banded(font, rng, count):
        yield Scene(mastered(sound, rng), "drums" if drums else "none", "bands", font.stem)


def mastered(sound: Sound, rng: np.random.Generator) -> Sound:
    """Brighter or duller, compressed by its own level within some 10 ms, and clipped softly."""
    turned = signal.lfilter([1, -rng.uniform(-0.3, 0.5)], [1], sound)
    smooth = np.exp(-1 / RATE / rng.uniform(0.005, 0.05))
    level = np.sqrt(signal.lfilter([1 - smooth], [1, -smooth], turned**2)) + 1e-6
    squeezed = turned * (level / level.max() + 1e-2) ** -rng.uniform(0.1, 0.6)
    return np.asarray(np.tanh(rng.uniform(0.7, 3) * squeezed / np.abs(squeezed).max()), np.float32)
