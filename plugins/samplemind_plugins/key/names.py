"""What keys are called: by tonic and mode, on the Camelot wheel, and in Open Key notation."""

TONICS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
MODES = ("major", "minor")
KEYS = tuple(f"{tonic} {mode}" for mode in MODES for tonic in TONICS)  # index 12 * mode + tonic


def _fifths(key: int) -> int:
    """How many fifths the key, or its relative major, lies above C: 0 to 11."""
    return (key if key < 12 else key + 3) * 7 % 12


def camelot(key: int) -> str:
    """The place on the Camelot wheel: C major is "8B", A minor "8A"; a fifth up is one hour on."""
    return f"{(_fifths(key) + 7) % 12 + 1}{'B' if key < 12 else 'A'}"


def open_key(key: int) -> str:
    """The name in Open Key notation: C major is "1d", A minor "1m"; a fifth up is one more."""
    return f"{_fifths(key) + 1}{'d' if key < 12 else 'm'}"


def note_name(number: int) -> str:
    """The name of a MIDI note in scientific pitch notation: 69 is "A4", 54 "F#3"."""
    return f"{TONICS[number % 12]}{number // 12 - 1}"


NOTES = tuple(note_name(number) for number in range(21, 109))  # A0 to C8
