"""The labelled sounds: the corpora, recorded and synthetic speech, and a General MIDI synthesiser's playing."""

import csv
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

Sound = NDArray[np.float32]
RATE = 44_100
KINDS = ("song", "loop", "one-shot", "speech")
SETS = {
    "gtzan_partial": "song",
    "rendered_scores": "song",
    "arranger_drums": "loop",
    "arranger_bass": "loop",
    "arranger_chords": "loop",
    "breaks": "loop",
    "lmms_loops": "loop",
    "drum_oneshots": "one-shot",
    "instruments": "one-shot",
}
VOICES = ("en-us", "en-gb", "de", "fr", "es", "it", "pt", "nl", "sv", "pl")
SENTENCES = (
    "The quick brown fox jumps over the lazy dog.",
    "Please record the second take, and leave two bars of silence.",
    "Welcome back to the show, today we talk about music and machines.",
    "One two three four. Testing, testing.",
    "It was late when she came home; nobody had waited, and the lamp was out.",
    "Turn left at the station, then go straight on for about two hundred metres.",
)


@dataclass(frozen=True)
class Item:
    """A labelled sound, mono at RATE."""

    sound: Sound
    kind: str
    source: str  # the set that it is of or was made from
    group: str  # what must stay together: a style, a machine, a voice
    made: str = ""  # how it was changed; "" for the sound as it is
    bpm: float = 0.0
    name: str = ""


def read(path: Path) -> Sound:
    """A file, mono at RATE."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(soxr.resample(sound.mean(axis=1), rate, RATE), np.float32)


def corpora(folder: Path) -> Iterator[Item]:
    """The sounds of SETS as they are."""
    for source, kind in SETS.items():
        with open(folder / source / "labels.csv") as table:
            for row in csv.DictReader(table):
                piece = source in ("gtzan_partial", "rendered_scores")
                group = f"{source}/{row['file'] if piece else row.get('style') or row['label_kind']}"
                bpm = float(row.get("bpm_quarter") or row.get("bpm") or 0)
                yield Item(read(folder / source / row["file"]), kind, source, group, "", bpm, row["file"])


def recorded_speech(folder: Path, rng: np.random.Generator) -> Iterator[Item]:
    """Prompts of telephone systems, alone or several in a row; `folder` holds one folder a voice."""
    for voice in sorted(one for one in folder.iterdir() if one.is_dir()):
        files = sorted(voice.rglob("*.wav")) + sorted(voice.rglob("*.g722"))
        files = [file for file in files if "silence" not in file.parts and file.stat().st_size > 9_000]
        for _ in range(60):
            wanted, parts = (
                rng.choice([1.0, 4.0, 12.0, 40.0]) * rng.uniform(0.7, 1.5),
                [np.zeros(0, np.float32)],
            )
            while sum(map(len, parts)) < wanted * RATE:
                parts += [
                    prompt(files[rng.integers(len(files))]),
                    np.zeros(int(rng.uniform(0, 0.5) * RATE), np.float32),
                ]
            yield Item(np.concatenate(parts), "speech", "prompts", f"prompts/{voice.name}")


def prompt(path: Path) -> Sound:
    """A recorded prompt; G.722 is decoded by PyAV."""
    if path.suffix != ".g722":
        return read(path)
    import av

    with av.open(str(path), format="g722") as container:
        frames = [frame.to_ndarray().ravel() for frame in container.decode(audio=0)]
    return np.asarray(
        soxr.resample(np.concatenate(frames).astype(np.float32) / 32_768, 16_000, RATE), np.float32
    )


def synthetic_speech(rng: np.random.Generator, count: int) -> Iterator[Item]:
    """Sentences spoken by espeak-ng, with a little noise."""
    for number in range(count):
        voice = VOICES[number % len(VOICES)]
        variant = ("", "+f2", "+m3", "+f4", "+m7")[number // len(VOICES) % 5]
        text = " ".join(rng.permutation(SENTENCES)[: int(rng.integers(1, 6))])
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            rate, pitch = str(int(rng.integers(110, 210))), str(int(rng.integers(20, 80)))
            command = ["espeak-ng", "-v", voice + variant, "-s", rate, "-p", pitch, "-w", file.name, text]
            subprocess.run(command, check=True)
            sound = read(Path(file.name))
        noise = rng.normal(0, 10 ** rng.uniform(-4.5, -2), len(sound)).astype(np.float32)
        yield Item(sound + noise, "speech", "espeak", f"espeak/{voice}")
