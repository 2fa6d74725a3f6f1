"""Copies of a sound that sound the same: coded with loss, softer, at another rate."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
import soxr

from samplemind_daemon.analysis.sound import open_sound
from samplemind_sdk import RATE, Samples

BITS = 128_000  # a second
CODERS = {"mp3": "libmp3lame", "m4a": "aac"}


def copies(path: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Write the copies of a file of one or two channels, each with what was done to it."""
    sound, rate = _whole(path)
    for ending, coder in CODERS.items():
        yield coder, _code(folder / f"coded.{ending}", coder, _at(sound, rate, RATE))
    for what, changed, new in (
        ("6 dB softer", sound / 2, rate),
        ("48 kHz", _at(sound, rate, 48_000), 48_000),
        ("22.05 kHz", _at(sound, rate, 22_050), 22_050),
    ):
        copy = folder / "changed.wav"
        soundfile.write(copy, changed.T, new, subtype="PCM_16")
        yield what, copy


def _whole(path: Path) -> tuple[Samples, int]:
    with open_sound(str(path)) as sound:
        blocks = list(sound.blocks())
    return np.clip(np.concatenate([block.source for block in blocks], axis=1), -1, 1)[:2], blocks[
        0
    ].source_rate


def _at(sound: Samples, rate: int, new: int) -> Samples:
    return sound if rate == new else np.ascontiguousarray(soxr.resample(sound.T, rate, new).T)


def _code(path: Path, coder: str, sound: Samples) -> Path:
    """Write a sound at RATE through a coder of libav."""
    layout = "stereo" if len(sound) == 2 else "mono"
    with av.open(path, "w") as file:
        stream = file.add_stream(coder, rate=RATE, layout=layout, bit_rate=BITS)
        for start in range(0, sound.shape[1], 4_096):
            piece = np.ascontiguousarray(sound[:, start : start + 4_096])
            frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
            frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path
