"""From a score to sound, through FluidSynth, a soundfont, and now and then a poor recording."""

import subprocess
import tempfile
from pathlib import Path
from random import Random

import numpy as np
import scipy.fft
import soundfile
from score import Score

from samplemind_sdk import RATE, Samples

SOUNDFONTS = ("FluidR3_GM.sf2", "TimGM6mb.sf2")  # Debian: fluid-soundfont-gm and timgm6mb-soundfont
FOLDER = Path("/usr/share/sounds/sf2")
OFTEN = 0.3  # how often each kind of harm is done


def render(score: Score, number: int) -> Samples:
    """The sound of a score, mono at RATE; raises CalledProcessError if FluidSynth fails."""
    chance = Random(~number)
    font = FOLDER / soundfont(chance)
    with tempfile.TemporaryDirectory() as folder:
        notes, sound = Path(folder) / "notes.mid", Path(folder) / "sound.wav"
        notes.write_bytes(score.midi())
        reverb = str(int(chance.random() < 0.5))
        options = [
            "-niq",
            "-o",
            "synth.dynamic-sample-loading=1",
            "-g",
            "0.5",
            "-r",
            str(RATE),
            "-R",
            reverb,
            "-F",
            sound,
            font,
            notes,
        ]
        subprocess.run(["fluidsynth", *options], check=True, capture_output=True)
        heard, _ = soundfile.read(sound, dtype="float32", always_2d=True)
    return harm(heard.mean(axis=1), number)


def soundfont(chance: Random) -> str:
    """One of the soundfonts, by the first throw of chance."""
    return SOUNDFONTS[chance.random() > 0.65]


def harm(sound: Samples, number: int) -> Samples:
    """The same, perhaps overdriven, perhaps tilted in colour, perhaps with noise."""
    chance = np.random.default_rng(number)
    if chance.random() < OFTEN:
        sound = np.tanh(chance.uniform(1, 5) * sound / (np.abs(sound).max() + 1e-9))
    if chance.random() < OFTEN:
        sound = _tilted(sound, chance.uniform(-0.9, 0.9))
    if chance.random() < OFTEN:
        level = np.sqrt((sound**2).mean()) * 10 ** (chance.uniform(-50, -14) / 20)
        sound = sound + level * chance.standard_normal(len(sound))
    return sound.astype(np.float32)


def _tilted(sound: Samples, amount: float) -> Samples:
    """Through the first-order filter 1 - amount / z at 11,025 Hz: dull below 0, bright above."""
    length = scipy.fft.next_fast_len(len(sound), real=True)
    hertz = scipy.fft.rfftfreq(length, 1 / RATE)
    gain = np.abs(1 - amount * np.exp(-2j * np.pi * np.minimum(hertz, 5_512) / 11_025))
    tilted: Samples = scipy.fft.irfft(scipy.fft.rfft(sound, length) * gain, length)[: len(sound)]
    return tilted
