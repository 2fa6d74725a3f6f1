"""The tracks of the table that there is sound of: measured by the plugin itself, and judged by it."""

from pathlib import Path

import numpy as np
import soundfile
import soxr
from table import Table

from samplemind_plugins.key import Key
from samplemind_plugins.style.genre import GENRES, Genre, mode_chances, tempo_chances
from samplemind_plugins.style.spectra import WINDOW, spectra
from samplemind_plugins.style.summary import NAMES, Numbers, summary
from samplemind_plugins.tempo import Tempo
from samplemind_sdk import RATE, Block, Estimate, Samples, blocks
from samplemind_sdk.testing import estimates

Heard = tuple[Numbers, tuple[Samples, dict[str, Estimate]]]  # rows; the sound and its own tempo and mode
Chances = list[tuple[float, float, float]]  # a tempo, 1 for minor and -1 for major, and how likely both are


def hear(path: Path) -> Heard:
    """The measurements of a file, and its sound with the product's own tempo and mode."""
    source, rate = soundfile.read(path, dtype="float32", always_2d=True)
    sound = np.ascontiguousarray(soxr.resample(source, rate, RATE).T if rate != RATE else source.T)
    magnitudes = np.concatenate([spectra(block) for block in _cut(sound)])
    parts = np.split(magnitudes, range(WINDOW, len(magnitudes), WINDOW))
    own = {"bpm": estimates(Tempo(), sound)["bpm"], "mode": estimates(Key(), sound)["mode"]}
    return np.array([summary(part) for part in parts]), (sound, own)


def _cut(sound: Samples) -> list[Block]:
    return list(blocks([sound]))


def judged(heard: list[Heard], dev: Table, outside: bool | None) -> Numbers:
    """What the plugin says of each, given annotated tempo and mode, the product's own, or none."""
    found = np.zeros((len(heard), len(GENRES)))
    for track, (_, (sound, own)) in enumerate(heard):
        given = {True: _annotated(dev, track), False: own, None: {}}[outside]
        for label in estimates(Genre(), sound, **given)["labels"].value:
            found[track, GENRES.index(label.name)] = label.probability
    return found


def _annotated(dev: Table, track: int) -> dict[str, Estimate]:
    given = {"bpm": Estimate(float(dev.bpm[track]))}
    if dev.minor[track]:
        given["mode"] = Estimate("minor" if dev.minor[track] > 0 else "major")
    return given


def transplanted(heard: list[Heard], dev: Table, known: Table) -> list[Chances]:
    """For each known track, what tempo and mode the product may have said of it, with the weight of each.

    There is no sound of these tracks, so each gets the mistakes that the product made on a track, drawn at
    random, of those that there is sound of and that are not classical: the ratios of its tempi to the
    truth, and how sure it was of the right mode.
    """
    chance, tempi, modes = np.random.default_rng(6), [], []
    for track, (_, (_, own)) in enumerate(heard):
        if dev.genre[track] != GENRES.index("classical"):
            tempi.append(
                [
                    (bpm / dev.bpm[track] if own["bpm"].value else None, p)
                    for bpm, p in tempo_chances(own["bpm"])
                ]
            )
            if dev.minor[track]:
                modes.append({minor * dev.minor[track]: p for minor, p in mode_chances(own["mode"])}[1.0])
    found = []
    for bpm, minor in zip(known.bpm, known.inputs()[:, -1], strict=True):
        right = modes[chance.integers(len(modes))]
        drawn = tempi[chance.integers(len(tempi))]
        ratios = [(bpm * ratio, p) for ratio, p in drawn if ratio] or list(tempo_chances(None))
        found.append(
            [(tempo, side * minor, p * q) for tempo, p in ratios for side, q in ((1, right), (-1, 1 - right))]
        )
    return found


def agreement(own: Numbers, table: Numbers, scale: Numbers) -> None:
    """By how much the plugin's measurements differ, in standard deviations among the table's tracks."""
    print("agreement of 15 to 20 s with the table's 30 s: offset, spread, correlation")
    for i, name in enumerate(NAMES):
        off = (own[:, i] - table[:, i]) / scale[i]
        print(
            f"  {name:26} {off.mean():+.2f} {off.std():.2f} {np.corrcoef(own[:, i], table[:, i])[0, 1]:.3f}"
        )
