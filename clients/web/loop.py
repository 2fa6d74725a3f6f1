"""Makes src/sound/loop.json: a loop that is computed here, and what the daemon's analyzers find in it.

Run it with the daemon's Python: `.venv/bin/python clients/web/loop.py`.
"""

import base64
import json
import subprocess
import sys
import tempfile
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


def main() -> None:
    """Write the loop down as the analyzers hear it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "four_bars_128_Am.wav"
        soundfile.write(file, loop(), RATE, subtype="PCM_24")
        command = [str(Path(sys.executable).with_name("samplemindd")), "analyze", "--json", str(file)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    kept = {name: one for name, one in found["descriptors"].items() if name.split(".")[0] != "identity"}
    for name, kind in PICTURES.items():
        kept[name]["value"] = base64.b64encode(np.array(kept[name]["value"], kind).tobytes()).decode()
    del kept["similarity.vector"]
    told = {"file": found["file"].rsplit("/", 1)[-1], "seconds": found["seconds"], "descriptors": kept}
    (Path(__file__).parent / "src/sound/loop.json").write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
