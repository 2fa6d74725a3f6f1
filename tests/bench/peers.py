"""A program for .venv-bench: reads paths, one a line, and prints what the peers say of each, one JSON object a line."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import aubio
import essentia
import librosa
import numpy as np
import pyebur128
import soundfile

KRUMHANSL = {  # Krumhansl, Cognitive Foundations of Musical Pitch, 1990, page 30: the probe-tone ratings
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
NAMES = "C C# D D# E F F# G G# A A# B".split()
HOP, WINDOW = 512, 1_024  # samples: what `aubio tempo` takes when not told otherwise


def aubio_tempo(path: str) -> float | None:
    """The median of the beat intervals, in BPM; the sound mixed to mono at its own rate."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = np.ascontiguousarray(sound.mean(axis=1))
    tempo, beats = aubio.tempo("default", WINDOW, HOP, rate), []
    for start in range(0, len(mono) - HOP + 1, HOP):
        if tempo(mono[start : start + HOP])[0]:
            beats.append(tempo.get_last_s())
    return float(np.median(60 / np.diff(beats))) if len(beats) > 1 else None


def librosa_both(path: str) -> dict[str, Any]:
    """The tempo of beat_track, and the key whose Krumhansl profile is closest to the mean of chroma_cqt."""
    sound, rate = librosa.load(path)
    tempo = float(np.atleast_1d(librosa.beat.beat_track(y=sound, sr=rate)[0])[0])
    chroma = librosa.feature.chroma_cqt(y=sound, sr=rate).mean(axis=1)
    likeness = {
        f"{NAMES[tonic]} {mode}": np.corrcoef(np.roll(profile, tonic), chroma)[0, 1]
        for mode, profile in KRUMHANSL.items()
        for tonic in range(12)
    }
    return {"librosa tempo": tempo, "librosa key": max(likeness, key=lambda key: likeness[key])}


def essentia_all(path: str) -> dict[str, Any]:
    """Two tempi and two keys, of the sound as MonoLoader gives it: mono, 44,100 Hz."""
    from essentia import standard

    sound = standard.MonoLoader(filename=path)()
    keys = {name: standard.KeyExtractor(profileType=name)(sound) for name in ("edma", "bgate")}
    return {
        "essentia multifeature": float(standard.RhythmExtractor2013(method="multifeature")(sound)[0]),
        "essentia percival": float(standard.PercivalBpmEstimator()(sound)),
        **{f"essentia {name}": f"{_sharp(tonic)} {mode}" for name, (tonic, mode, _) in keys.items()},
    }


def libebur128(path: str) -> dict[str, float]:
    """Integrated loudness in LUFS, and loudness range in LU."""
    sound, rate = soundfile.read(path, always_2d=True)
    mode = pyebur128.MeasurementMode
    state = pyebur128.R128State(sound.shape[1], rate, mode.MODE_I | mode.MODE_LRA)
    state.add_frames(np.ascontiguousarray(sound).reshape(-1), len(sound))
    loudness, width = pyebur128.get_loudness_global(state), pyebur128.get_loudness_range(state)
    return {"pyebur128 integrated": float(loudness), "pyebur128 range": float(width)}


def _sharp(tonic: str) -> str:
    flats = {"Db": "C#", "Eb": "D#", "Gb": "F#", "Ab": "G#", "Bb": "A#"}
    return flats.get(tonic, tonic)


def ask(path: str, askings: dict[str, Callable[[str], Any]]) -> dict[str, Any]:
    """What each says; one that raises says nothing, and its name goes to "failed"."""
    said: dict[str, Any] = {"file": path, "failed": {}}
    for name, asking in askings.items():
        try:
            found = asking(path)
            said |= found if isinstance(found, dict) else {name: found}
        except Exception as error:
            said["failed"][name] = f"{type(error).__name__}: {error}"[:200]
    return said


def main() -> None:
    """Ask about `music` (tempo and key) or `loudness`, as the first argument says."""
    os.nice(10)
    essentia.log.infoActive = essentia.log.warningActive = False
    music = {"aubio": aubio_tempo, "librosa": librosa_both, "essentia": essentia_all}
    askings = music if sys.argv[1] == "music" else {"pyebur128": libebur128}
    for line in sys.stdin:
        print(json.dumps(ask(line.rstrip("\n"), askings)), flush=True)


if __name__ == "__main__":
    main()
