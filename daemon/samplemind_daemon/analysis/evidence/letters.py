"""Letters in a name that are keys and notes, and the many that are not: "Am I blue", "A_Team", "Radio FM"."""

import re
from collections.abc import Iterator

from .keys import mode, pitch_class
from .words import PITCHED, PLACES, SAMPLES, WORKS, Name

SLOWEST, FASTEST = 60.0, 200.0  # BPM; of a number beside a key, without "bpm"

_BEFORE, _AFTER = r"(?<![A-Za-z0-9#'’])", r"(?![A-Za-z0-9#'’])"
_KEY = re.compile(
    _BEFORE + r"([A-Ga-g])(#|b|[ _-]?(?i:sharp|flat))?([ _-]?)((?i:major|minor|maj|min)|m)" + _AFTER
)
_NOTE = re.compile(_BEFORE + r"([A-G])(#|b)?([0-8])?" + _AFTER + r"(?![ _-]?(?i:major|minor|maj|min|m)\b)")
_TEMPO_BEFORE = re.compile(r"(?<![\dA-Za-z.,#])(?<!\d-)(\d{2,3}(?:[.,]\d{1,3})?)( - |[_ -])$")
_TEMPO_AFTER = re.compile(r"( - |[_ -])(\d{2,3}(?:[.,]\d{1,3})?)(?![\dA-Za-z.,#])")
_IN = re.compile(r"(?<![A-Za-z])(?:in|key|key of)[ _-]$", re.IGNORECASE)


def read_keys(name: Name) -> Iterator[tuple[str, float | None]]:
    """The keys that a name says, as in "A minor", each with the bare number beside it that is its tempo."""
    for found in _KEY.finditer(name.text):
        bpm = None if name.tempi else _bare_tempo(name, found)
        if bpm or _is_key(name, found):
            letter, accidental, _, word = found.groups()
            yield f"{pitch_class(letter, (accidental or '').strip(' _-'))} {mode(word)}", bpm


def read_notes(name: Name) -> Iterator[str]:
    """The notes that a name says, as in "A#1", or "A#" without an octave."""
    for found in _NOTE.finditer(name.text):
        letter, accidental, octave = found.groups()
        if _is_note(name, found):
            yield f"{pitch_class(letter, accidental or '')}{octave or ''}"


def _bare_tempo(name: Name, found: re.Match[str]) -> float | None:
    """The number right beside a key, as in "120_Gmin", if it is a tempo and no opus."""
    letter, accidental, gap, word = found.groups()
    if letter.islower() and len(word) == 1:
        return None
    spaced = not gap and (accidental or len(word) > 1)
    separators = ("_", "-", " - ", " ") if spaced else ("_", "-", " - ")
    before, after = (
        _TEMPO_BEFORE.search(name.text[: found.start()]),
        _TEMPO_AFTER.match(name.text, found.end()),
    )
    if before and before[2] in separators and name.word_before(before.start()) not in WORKS:
        bpm = float(before[1].replace(",", "."))
    elif after and after[1] in separators:
        bpm = float(after[2].replace(",", "."))
    else:
        return None
    return bpm if SLOWEST <= bpm <= FASTEST else None


def _is_key(name: Name, found: re.Match[str]) -> bool:
    """Whether what is spelled like a key is one."""
    letter, accidental, gap, word = found.groups()
    if letter.islower() and len(word) == 1 and accidental != "#":
        return False  # am, em, cm, ebm
    if accidental or name.is_beside_tempo(*found.span()) or name.is_bracketed(*found.span()):
        return True
    if letter in "Aa" and gap:
        return letter == "A" and _ends(name, found)
    if _IN.search(name.text[: found.start()]):
        return True
    if len(word) == 1:
        return _is_among_samples(name, found)
    if gap:
        return name.word_before(found.start()) not in PLACES
    return found[0].lower() not in ("amin", "emin")  # who are people


def _ends(name: Name, found: re.Match[str]) -> bool:
    """Whether "A minor" is the end of a title, or of its first half: in the middle it is English."""
    if name.is_last(found.end()):
        return found.start() > 0
    apart = name.is_apart(found.end(), found.end()) or name.text[found.end()] == ","
    return _IN.search(name.text[: found.start()]) is not None and (
        apart or name.word_after(found.end()) in WORKS
    )


def _is_among_samples(name: Name, found: re.Match[str]) -> bool:
    """Whether a bare Am, Fm and the like stands apart in the name of a sample, or ends it as no word would."""
    if found[1] in "BCDG" and name.is_last(found.end()) and name.words & SAMPLES:
        return True
    before, after = name.word_before(found.start()), name.word_after(found.end())
    if not name.is_apart(*found.span()) or "i" in (before, after):
        return False
    if found[1] == "F" and after and not name.tempi:
        return False  # FM, as synthesizers and radios have it
    return bool(name.tempi or name.words & SAMPLES)


def _is_note(name: Name, found: re.Match[str]) -> bool:
    """Whether what is spelled like a note is one."""
    _, accidental, octave = found.groups()
    start, end = found.span()
    sample, apart = bool(name.words & SAMPLES), name.is_apart(start, end)
    if accidental and octave:
        return sample or apart
    if accidental:
        return name.is_beside_tempo(start, end) or (apart and sample)
    if not octave or not start or name.tempi or name.words & PLACES:
        return False  # a variant, a take, the side of a record
    return bool(name.words & PITCHED) and (apart or name.is_last(end))
