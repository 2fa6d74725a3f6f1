"""How keys and notes are spelled, and the one spelling that is used here: sharps, and C4 = MIDI note 60."""

import re

TONICS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")

_NATURAL = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SHIFT = {"": 0, "#": 1, "sharp": 1, "b": -1, "flat": -1}
_MODES = {"major": "major", "maj": "major", "minor": "minor", "min": "minor", "m": "minor"}
_MUSICAL = re.compile(
    r"([A-Ga-g])(?:(#|b)|[ -]?(sharp|flat)\b)?(?:[ -]?(major|minor|maj|min|[Mm])\b)?", re.IGNORECASE
)
_CAMELOT = re.compile(r"(\d{1,2}) ?([AB])", re.IGNORECASE)
_OPEN_KEY = re.compile(r"(\d{1,2}) ?([dm])", re.IGNORECASE)


def pitch_class(letter: str, accidental: str = "") -> str:
    """The tonic of this letter, raised or lowered, in sharps: "B", "flat" is A#."""
    return TONICS[(_NATURAL[letter.upper()] + _SHIFT[accidental.lower()]) % 12]


def mode(word: str) -> str:
    """Major or minor, of any of their spellings."""
    return _MODES[word.lower()]


def note(midi: int) -> str:
    """The name of a MIDI note, 0 to 127."""
    return f"{TONICS[midi % 12]}{midi // 12 - 1}"


def read_key(text: str) -> str | None:
    """The key that a tag holds, as in "A minor", however it is spelled; None if it holds none.

    A root alone is major, as ID3v2 has it (TKEY); "1m" and "8A" are Open Key and Camelot.
    """
    for part in re.split(r"[/,;|]", text.replace("♯", "#").replace("♭", "b")):
        if found := _wheel(part.strip()) or _musical(part.strip()):
            return found
    return None


def camelot(hour: int, letter: str) -> str | None:
    """The key at an hour of the Camelot wheel, where 8B is C major and 8A A minor."""
    return _on_wheel(hour - 8, minor=letter.upper() == "A") if 1 <= hour <= 12 else None


def _wheel(text: str) -> str | None:
    if found := _CAMELOT.fullmatch(text):
        return camelot(int(found[1]), found[2])
    found = _OPEN_KEY.fullmatch(text)
    if found and 1 <= int(found[1]) <= 12:
        return _on_wheel(int(found[1]) - 1, minor=found[2].lower() == "m")
    return None


def _on_wheel(fifths: int, minor: bool) -> str:
    """The key so many fifths above C major, or above A minor."""
    return f"{TONICS[(7 * fifths + 9 * minor) % 12]} {'minor' if minor else 'major'}"


def _musical(text: str) -> str | None:
    found = _MUSICAL.fullmatch(text)
    if not found:
        return None
    letter, sign, word, spelled = found.groups()
    if spelled == "M":
        spelled = "major"  # of those who write M for major and m for minor
    return f"{pitch_class(letter, sign or word or '')} {mode(spelled or 'major')}"
