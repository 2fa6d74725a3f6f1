"""A General MIDI synthesiser's playing."""

import subprocess
import tempfile
from pathlib import Path

import soundfile

from samplemind_plugins.tempo.grid import Numbers
from samplemind_sdk import RATE

TICKS = 480  # a beat
Event = tuple[int, bytes]  # tick, message


def render(font: Path, events: list[Event], bpm: float, echo: bool) -> Numbers:
    """The events played by fluidsynth at a tempo, with a room and a chorus or without, mono at RATE."""
    with tempfile.TemporaryDirectory() as folder:
        midi, wave = Path(folder) / "events.mid", Path(folder) / "sound.wav"
        midi.write_bytes(_file(events, bpm))
        command = ["fluidsynth", "-ni", "-q", "-g", "0.4", "-R", str(int(echo)), "-C", str(int(echo))]
        command += ["-F", str(wave), "-r", str(RATE), str(font), str(midi)]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        sound, _ = soundfile.read(wave, dtype="float32")
    mono: Numbers = sound.mean(axis=1)
    return mono


def _file(events: list[Event], bpm: float) -> bytes:
    track, last = b"\x00\xff\x51\x03" + int(60e6 / bpm).to_bytes(3, "big"), 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track, last = track + _variable(tick - last) + message, tick
    track += b"\x00\xff\x2f\x00"
    head = b"MThd" + (6).to_bytes(4, "big") + b"\x00\x00\x00\x01" + TICKS.to_bytes(2, "big")
    return head + b"MTrk" + len(track).to_bytes(4, "big") + track


def _variable(number: int) -> bytes:
    parts = [number & 127]
    while number := number >> 7:
        parts.append((number & 127) | 128)
    return bytes(reversed(parts))
