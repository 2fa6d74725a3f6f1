"""Notes on a time line, and the MIDI file that holds them."""

import struct
from dataclasses import dataclass, field

TICKS = 480  # a beat
DRUMS = 9  # the channel that General MIDI keeps for them
PROGRAM, CONTROL, ON, OFF, VOLUME = 0xC0, 0xB0, 0x90, 0x80, 7


@dataclass
class Score:
    """Notes, in beats from the start; pitches are MIDI numbers."""

    bpm: float
    _events: list[tuple[int, bytes]] = field(default_factory=list)

    def voice(self, channel: int, program: int, volume: int) -> None:
        """Give a channel its instrument (General MIDI, from 0) and its volume, 0 to 127."""
        self._events.append((0, bytes([PROGRAM | channel, program])))
        self._events.append((0, bytes([CONTROL | channel, VOLUME, volume])))

    def note(self, channel: int, pitch: int, velocity: float, start: float, end: float) -> None:
        """Add a note; one that is out of range or has no length is left out."""
        first, last = round(start * TICKS), round(end * TICKS) - 1
        if 0 <= pitch < 128 and last > first:
            loud = max(1, min(127, round(velocity)))
            self._events.append((first, bytes([ON | channel, pitch, loud])))
            self._events.append((last, bytes([OFF | channel, pitch, 0])))

    def midi(self) -> bytes:
        """The file, of one track (MIDI 1.0, format 0)."""
        track, now = b"\0\xff\x51\x03" + round(6e7 / self.bpm).to_bytes(3, "big"), 0
        for tick, event in sorted(self._events, key=lambda one: one[0]):
            track += _length(tick - now) + event
            now = tick
        track += b"\0\xff\x2f\0"
        return (
            b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS) + b"MTrk" + struct.pack(">I", len(track)) + track
        )


def _length(number: int) -> bytes:
    """A number as MIDI writes it: seven bits a byte, the first bit set on all but the last."""
    digits = [number & 127]
    while number := number >> 7:
        digits.append(number & 127 | 128)
    return bytes(reversed(digits))
