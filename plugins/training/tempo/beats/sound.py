"""From a piece to sound: FluidSynth, drum machines, and what recording and broadcasting do to it."""

import csv
import struct
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import scipy.fft
import scipy.signal
import soundfile
import soxr
from piece import DRUMS, Chance, Piece

from samplemind_sdk import RATE, Samples

FONTS = ("FluidR3_GM.sf2", "TimGM6mb.sf2")  # Debian: fluid-soundfont-gm and timgm6mb-soundfont
FOLDER = Path("/usr/share/sounds/sf2")
LONGEST = 26.0  # seconds of a piece that are played
CLASSES = {
    36: "kick", 38: "snare", 40: "snare", 42: "closed hi-hat", 46: "open hi-hat", 51: "ride cymbal",
    49: "crash cymbal", 41: "tom", 45: "tom", 47: "tom", 37: "rimshot", 39: "clap", 54: "tambourine",
    70: "shaker", 56: "cowbell",
}  # fmt: skip
SOFT = {
    "closed hi-hat": 0.3,
    "open hi-hat": 0.35,
    "ride cymbal": 0.35,
    "shaker": 0.3,
    "kick": 1.0,
    "snare": 0.8,
}


def play(piece: Piece, chance: Chance, shots: Path | None) -> Samples:
    """The sound of a piece, mono at RATE; half of the drums by one-shots, if there is a folder of them."""
    machine = shots is not None and DRUMS in piece.voices and chance.random() < 0.5
    rate = 22_050 if chance.random() < 0.55 else RATE
    sound = _synthesise(_midi(piece, chance, machine), chance, rate)
    sound = soxr.resample(sound, rate, RATE) if rate != RATE else sound
    count = int(min(LONGEST, piece.seconds(piece.beats) + 0.5) * RATE)
    sound = np.pad(sound, (0, max(0, count - len(sound))))[:count]
    if machine and shots is not None:
        struck = _strike(piece, chance, count, shots)
        loud = np.abs(struck).max() / (np.abs(sound).max() + 1e-9) if np.abs(sound).max() > 1e-3 else 1
        sound = struck + sound * loud * 10 ** (chance.uniform(-8, 6) / 20)
    return _recorded(sound.astype(np.float32), chance)


def _synthesise(midi: bytes, chance: Chance, rate: int) -> Samples:
    reverb = ["-R", "0"]
    if chance.random() < 0.75:
        size, level = chance.uniform(0.2, 0.95), chance.uniform(0.1, 0.95)
        reverb = [
            "-R",
            "1",
            "-o",
            f"synth.reverb.room-size={size:.2f}",
            "-o",
            f"synth.reverb.level={level:.2f}",
        ]
    font = FOLDER / FONTS[chance.random() > 0.7]
    with tempfile.TemporaryDirectory() as folder:
        notes, sound = Path(folder) / "notes.mid", Path(folder) / "sound.wav"
        notes.write_bytes(midi)
        options = [
            "-niq",
            "-C",
            "0",
            "-g",
            "0.4",
            "-o",
            "synth.dynamic-sample-loading=1",
            "-r",
            str(rate),
            *reverb,
        ]
        subprocess.run(["fluidsynth", *options, "-F", sound, font, notes], check=True, capture_output=True)
        heard, _ = soundfile.read(sound, dtype="float32", always_2d=True)
    mean: Samples = heard.mean(axis=1)
    return mean


def _midi(piece: Piece, chance: Chance, without_drums: bool) -> bytes:
    """A file of one track with a tick for each millisecond (MIDI 1.0, format 0)."""
    events = []
    for channel, (program, volume) in piece.voices.items():
        events += [(0, 0, bytes([0xC0 | channel, program])), (0, 0, bytes([0xB0 | channel, 7, volume]))]
    for note in piece.notes:
        start = piece.seconds(note.start) + chance.normal(0, piece.jitter)
        if (note.channel == DRUMS and without_drums) or not 0 <= start < LONGEST:
            continue
        end = max(piece.seconds(note.end), start + 0.04)
        loud = int(np.clip(note.velocity, 1, 127))
        events.append((int(start * 1_000), 2, bytes([0x90 | note.channel, note.pitch, loud])))
        events.append((int(end * 1_000), 1, bytes([0x80 | note.channel, note.pitch, 0])))
    track, now = b"\0\xff\x51\x03" + (500_000).to_bytes(3, "big"), 0
    for time, _, event in sorted(events):
        track, now = track + _length(time - now) + event, time
    track += b"\0\xff\x2f\0"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, 500) + b"MTrk" + struct.pack(">I", len(track)) + track


def _length(number: int) -> bytes:
    digits = [number & 127]
    while number := number >> 7:
        digits.append(number & 127 | 128)
    return bytes(reversed(digits))


def _strike(piece: Piece, chance: Chance, count: int, folder: Path) -> Samples:
    """The drums of a piece, played by one-shots drawn for it."""
    struck, drums = np.zeros(count + 2 * RATE, np.float32), {}
    for note in piece.notes:
        if note.channel != DRUMS:
            continue
        label = CLASSES.get(note.pitch, "percussion")
        if note.pitch not in drums:
            files = _labelled(folder)[label]
            level = SOFT.get(label, 0.5) * 10 ** (chance.uniform(-4, 4) / 20)
            drums[note.pitch] = level * _read(folder / files[chance.integers(len(files))])
        start = int((piece.seconds(note.start) + chance.normal(0, piece.jitter)) * RATE)
        if 0 <= start < count:
            shot = drums[note.pitch]
            struck[start : start + len(shot)] += shot * (note.velocity / 110) ** 1.5
    return struck[:count]


@cache
def _labelled(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with (folder / "labels.csv").open() as table:
        for row in csv.DictReader(table):
            found.setdefault(row["instrument"], []).append(row["file"])
    return found


@cache
def _read(path: Path) -> Samples:
    """A one-shot, as loud as can be, at most 2 s of it."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    shot = soxr.resample(sound.mean(axis=1), rate, RATE)[: 2 * RATE]
    loudest: Samples = shot / (np.abs(shot).max() + 1e-6)
    return loudest


def _recorded(sound: Samples, chance: Chance) -> Samples:
    """As a room, an equaliser, a compressor and an old tape could have left it."""
    if chance.random() < 0.7:
        sound = _equalised(sound, chance)
    if chance.random() < 0.3:  # a room of that many seconds
        count = int(chance.uniform(0.3, 2.2) * RATE)
        room = chance.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
        room *= chance.uniform(0.2, 0.9) / np.sqrt((room**2).sum())
        sound = sound + scipy.signal.fftconvolve(sound, room)[: len(sound)]
    if chance.random() < 0.4:
        sound = np.tanh(chance.uniform(1, 5) * sound / (np.abs(sound).max() + 1e-9))
    elif chance.random() < 0.4:
        level = np.sqrt(scipy.signal.lfilter([0.0005], [1, -0.9995], sound**2) + 1e-6)
        sound = sound / (level / level.max() + 0.05) ** chance.uniform(0.3, 0.8)
    if chance.random() < 0.4:
        noise = scipy.signal.lfilter([1], [1, -chance.uniform(0, 0.97)], chance.standard_normal(len(sound)))
        level = np.sqrt((sound**2).mean() / (noise**2).mean()) * 10 ** (chance.uniform(-55, -18) / 20)
        sound = sound + level * noise
    quieter = 10 ** (chance.uniform(-18, 0) / 20) / (np.abs(sound).max() + 1e-9)
    return (quieter * sound).astype(np.float32)


def _equalised(sound: Samples, chance: Chance) -> Samples:
    """Through a smooth curve, and now and then without what is high, as of a poor codec, or low."""
    count = scipy.fft.next_fast_len(len(sound), real=True)
    hertz = scipy.fft.rfftfreq(count, 1 / RATE)
    curve = np.cumsum(chance.normal(0, 3, 8))  # dB
    knots = np.log([30, 80, 200, 500, 1_200, 3_000, 7_000, 16_000])
    gain = 10 ** (np.interp(np.log(hertz + 20), knots, curve - curve.mean()) / 20)
    if chance.random() < 0.5:
        gain /= np.sqrt(
            1 + (hertz / np.exp(chance.uniform(np.log(2_500), np.log(12_000)))) ** (2 * chance.integers(1, 9))
        )
    if chance.random() < 0.3:
        gain /= np.sqrt(1 + (chance.uniform(40, 250) / (hertz + 1)) ** 4)
    filtered: Samples = scipy.fft.irfft(scipy.fft.rfft(sound, count) * gain, count)[: len(sound)]
    return filtered
