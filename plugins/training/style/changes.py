"""Say how often the first genre stays the same where only the file is another: softer, mono, resampled, MP3.

usage: changes.py CORPORA

The tracks are those of gtzan_partial; tempo and mode are the product's own, found anew in each file.
"""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
import soxr
from table import read

from samplemind_plugins.key import Key
from samplemind_plugins.style.genre import GENRES, Genre
from samplemind_plugins.tempo import Tempo
from samplemind_sdk import RATE, Samples
from samplemind_sdk.testing import estimates

HALF_RATE = 22_050
KBIT_128 = 0.66  # what soundfile calls compression at 44,100 Hz


def judge(sound: Samples) -> int:
    """The number of the first genre of a sound, shape (channels, samples)."""
    own = {"bpm": estimates(Tempo(), sound)["bpm"], "mode": estimates(Key(), sound)["mode"]}
    return GENRES.index(estimates(Genre(), sound, **own)["labels"].value[0].name)


def gained(decibels: float) -> Callable[[Samples], Samples]:
    """The same with another gain, not clipped."""
    return lambda sound: (sound * 10 ** (decibels / 20)).astype(np.float32)


def mixed(sound: Samples) -> Samples:
    """The mean of the channels."""
    return sound.mean(axis=0, keepdims=True)


def halved(sound: Samples) -> Samples:
    """The same through HALF_RATE and back."""
    there = soxr.resample(sound.T, RATE, HALF_RATE)
    return np.ascontiguousarray(soxr.resample(there, HALF_RATE, RATE).T)


def packed(sound: Samples) -> Samples:
    """The same through an MP3 file of 128 kbit/s."""
    file = io.BytesIO()
    options = {"bitrate_mode": "CONSTANT", "compression_level": KBIT_128}
    soundfile.write(file, sound.T, RATE, format="MP3", subtype="MPEG_LAYER_III", **options)
    file.seek(0)
    return np.ascontiguousarray(soundfile.read(file, dtype="float32", always_2d=True)[0].T)


CHANGES: dict[str, Callable[[Samples], Samples]] = {
    "12 dB softer": gained(-12),
    "6 dB softer": gained(-6),
    "6 dB louder": gained(6),
    "12 dB louder": gained(12),
    "mono": mixed,
    "through 22,050 Hz": halved,
    "MP3, 128 kbit/s": packed,
}


def main(corpora: Path) -> None:
    """Print a row for each change."""
    dev, first = read(corpora, "dev"), {name: [] for name in ("as it is", *CHANGES)}
    for track in dev.files:
        source, rate = soundfile.read(
            corpora / "gtzan_partial" / f"{track}.flac", dtype="float32", always_2d=True
        )
        sound = np.ascontiguousarray((soxr.resample(source, rate, RATE) if rate != RATE else source).T)
        for name, change in {"as it is": gained(0), **CHANGES}.items():
            first[name].append(judge(change(sound)))
    other = dev.genre != GENRES.index("classical")
    before = np.array(first["as it is"])
    for name, found in first.items():
        same, right = np.array(found) == before, np.array(found) == dev.genre
        print(
            f"{name:18} same {same.mean():.3f}, not classical {same[other].mean():.3f}; "
            f"right {right.mean():.3f}, not classical {right[other].mean():.3f}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
