"""Makes what the landing page shows without an account: sounds that are computed here, and what is found in them.

Writes src/sound/loop.mp3 and loop.json (a loop, all that the daemon's analyzers find in this very file, when and by
which version) and doubts.json (tempo and key of sounds that have none). Run it with the daemon's Python:
`.venv/bin/python clients/web/loop.py`.
"""

import base64
import datetime
import json
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 44_100
BEAT = 60 / 128  # seconds
BEATS = 16
Sound = NDArray[np.float64]
CHORDS = ((57, 60, 64, 67), (53, 57, 60, 64), (55, 59, 62, 64), (57, 60, 64, 69))  # MIDI notes: Am7, F, G, Am
HERE = Path(__file__).parent / "src/sound"
NAME = "four_bars_128_Am.mp3"
PICTURES = {"waveform.peaks": np.int8, "spectrum.mel": np.uint8}


def hertz(note: float) -> float:
    """The frequency of a MIDI note."""
    return float(440 * 2 ** ((note - 69) / 12))


def kick(seconds: Sound) -> Sound:
    """A sine that falls from 256 to 46 Hz."""
    pitch = 46 + 210 * np.exp(-seconds / 0.028)
    found: Sound = np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * np.exp(-seconds / 0.13)
    return found


def noise(seconds: Sound, decay: float, tilt: int) -> Sound:
    """White noise that dies away; each `tilt` takes away from its lows."""
    hiss = np.random.default_rng(len(seconds)).standard_normal(len(seconds))
    found: Sound = np.diff(hiss, tilt, append=[0] * tilt) * np.exp(-seconds / decay)
    return found


def note(seconds: Sound, pitch: float, decay: float, partials: int) -> Sound:
    """A plucked tone: harmonics that are weaker and shorter the higher they are."""
    waves = [
        np.sin(2 * np.pi * hertz(pitch) * k * seconds) / k**1.3 * np.exp(-seconds * k**0.5 / decay)
        for k in range(1, partials + 1)
    ]
    found: Sound = np.sum(waves, axis=0) * np.minimum(1, seconds / 0.006)
    return found


def loop() -> Sound:
    """Four bars of 4/4 at 128 BPM: kick, snare, hats, bass and chords in A minor."""
    track = np.zeros(round(BEATS * BEAT * RATE))

    def place(beat: float, gain: float, length: float, make: Any) -> None:
        start = round(beat * BEAT * RATE)
        seconds = np.arange(min(round(length * RATE), len(track) - start)) / RATE
        track[start : start + len(seconds)] += gain * make(seconds)

    for beat in range(BEATS):
        chord = CHORDS[beat // 4]
        place(beat, 0.9, 0.5, kick)
        place(beat + 0.5, 0.09, 0.3, lambda t: noise(t, 0.06, 2))
        place(beat + 0.75, 0.04, 0.1, lambda t: noise(t, 0.02, 2))
        for step, octave in ((0.5, 24), (0.75, 12)):
            place(beat + step, 0.3, 0.3, lambda t, p=chord[0] - octave: note(t, p, 0.16, 7))
        if beat % 2:
            place(beat, 0.16, 0.3, lambda t: noise(t, 0.07, 1))
        if beat % 4 in (0, 2):
            for pitch in chord:
                place(beat + (beat % 4) / 8, 0.12, 1.2, lambda t, p=pitch: note(t, p, 0.45, 9))
    found: Sound = np.tanh(track) * 0.97
    return found


def pluck() -> Sound:
    """A single G3."""
    return 0.5 * note(np.arange(round(1.2 * RATE)) / RATE, 55, 0.45, 9)


def snare() -> Sound:
    """A single hit: noise over a drum skin at 190 Hz."""
    seconds = np.arange(round(0.35 * RATE)) / RATE
    skin = np.sin(2 * np.pi * 190 * seconds) * np.exp(-seconds / 0.05)
    return 0.4 * skin + 0.15 * noise(seconds, 0.07, 1)


def hiss() -> Sound:
    """Twelve seconds of quiet white noise."""
    return 0.01 * noise(np.arange(12 * RATE) / RATE, np.inf, 0)


def silence() -> Sound:
    """Ten seconds of nothing."""
    return np.zeros(10 * RATE)


def findings(file: Path) -> Any:
    """What the daemon's analyzers find in a file."""
    command = [str(Path(sys.executable).with_name("samplemindd")), "analyze", "--json", str(file)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def record_loop() -> None:
    """Write the loop down, and what is found in what was written."""
    file = HERE / "loop.mp3"
    soundfile.write(file, loop(), RATE, format="MP3", bitrate_mode="CONSTANT", compression_level=0.7)
    found = findings(file)
    kept = {name: one for name, one in found["descriptors"].items() if name.split(".")[0] != "identity"}
    for name, kind in PICTURES.items():
        kept[name]["value"] = base64.b64encode(np.array(kept[name]["value"], kind).tobytes()).decode()
    del kept["similarity.vector"]
    recorded = {"on": datetime.date.today().isoformat(), "version": version("samplemind")}
    write("loop.json", {"file": NAME, "seconds": found["seconds"], "recorded": recorded, "descriptors": kept})


def record_doubts() -> None:
    """Write down what is found in sounds that have no tempo, no key, or neither."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for make in (pluck, snare, hiss, silence):
            file = Path(folder) / f"{make.__name__}.wav"
            soundfile.write(file, make(), RATE, subtype="PCM_24")
            found = findings(file)
            told = {name: found["descriptors"][name] for name in ("tempo.bpm", "key.key", "key.root_note")}
            rows.append({"file": file.name, "seconds": found["seconds"], "descriptors": told})
    write("doubts.json", rows)


def write(name: str, told: Any) -> None:
    """Write what was recorded where the app is built from."""
    (HERE / name).write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    record_loop()
    record_doubts()
