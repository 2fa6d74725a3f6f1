"""What Spotify's table says of energy, danceability and valence: relations only, for it comes without sound.

usage: affect.py CORPORA

Prints the slopes and the errors that the plugins character and style hold as constants.
"""

import csv
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import curve_fit

from samplemind_plugins.style.summary import Numbers

FOLDS = 5
SLOWEST, FASTEST = 40.0, 220.0  # BPM; others are errors
COLUMNS = ("energy", "danceability", "valence", "loudness", "tempo", "mode")


def main(corpora: Path) -> None:
    """Print the relations."""
    table, artist = _read(corpora / "feature_tables" / "spotify_audio_features_clean.csv")
    energy, danceability, valence, loudness, tempo, mode = table.T
    print(f"{len(table)} songs; median tempo {np.median(tempo):.0f} BPM")
    slope, offset = np.polyfit(loudness, _logit(energy), 1)
    print(f"logit(energy) = {slope:.3f} (LUFS {-offset / slope:+.1f} is the middle)")
    inputs = np.column_stack([loudness, np.log2(tempo), mode])
    for name, target in (("energy", energy), ("danceability", danceability), ("valence", valence)):
        left = _left_out(inputs, target, artist)
        print(
            f"{name}: R2 {1 - left.var() / target.var():.2f}, standard error {left.std():.2f}, artists left out"
        )
    floor, height, middle, width = curve_fit(_hump, np.log2(tempo), _logit(danceability), (-1, 2, 6.9, 0.5))[
        0
    ]
    explained = 1 - (_logit(danceability) - _hump(np.log2(tempo), floor, height, middle, width)).var() / (
        _logit(danceability).var()
    )
    print(
        f"logit(danceability) = {floor:.2f} + {height:.2f} times a hump at {2**middle:.0f} BPM, "
        f"{abs(width):.2f} octaves wide: R2 {explained:.2f}"
    )
    major, minor = valence[mode == 1].mean(), valence[mode == 0].mean()
    print(f"valence: major {major:.3f}, minor {minor:.3f}")


def _read(path: Path) -> tuple[Numbers, Numbers]:
    with path.open() as lines:
        songs = [song for song in csv.DictReader(lines) if SLOWEST < float(song["tempo"]) < FASTEST]
    artists = sorted({song["artist"] for song in songs})
    place = {artist: number % FOLDS for number, artist in enumerate(artists)}
    table = np.array([[float(song[name]) for name in COLUMNS] for song in songs])
    return table, np.array([place[song["artist"]] for song in songs])


def _left_out(inputs: Numbers, target: Numbers, fold: Numbers) -> Numbers:
    """What a straight line fitted to other artists leaves of each song."""
    left, extended = np.empty_like(target), np.column_stack([inputs, np.ones(len(inputs))])
    for one in range(FOLDS):
        weights, *_ = np.linalg.lstsq(extended[fold != one], target[fold != one], rcond=None)
        left[fold == one] = target[fold == one] - extended[fold == one] @ weights
    return left


def _hump(octave: Numbers, floor: float, height: float, middle: float, width: float) -> Numbers:
    return np.asarray(floor + height * np.exp(-0.5 * ((octave - middle) / width) ** 2))


def _logit(level: Numbers) -> Numbers:
    inside = np.clip(level, 0.01, 0.99)
    return np.asarray(np.log(inside / (1 - inside)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
