"""Keys and notes as people write them, in the one spelling that is used here."""

import re

from samplemind_daemon.analysis.evidence.keys import TONICS, pitch_class, read_key

WAYS = "such as A minor, Am, F#, Bb minor, 8A, 1m or a-Moll"
_GERMAN = re.compile(r"([A-H])(is|es|s)?[ -]?(dur|moll)", re.IGNORECASE)
_GERMAN_NOTES = {
    "C": 0,
    "D": 2,
    "E": 4,
    "F": 5,
    "G": 7,
    "A": 9,
    "B": 10,
    "H": 11,
}  # their H is B, their B is A#
_NOTE = re.compile(r"([A-Ga-g])(#|b)? ?(-?\d)")


def key(text: str) -> str:
    """The key that a text names, as in "A minor"; ValueError where it names none, or may name two."""
    plain = text.replace("♯", "#").replace("♭", "b").strip()
    named = {_one(part.strip()) for part in re.split(r"[/,;|]", plain)}
    if len(named) != 1:
        raise ValueError(f"{text[:40]!r} names more than one key")
    found = named.pop()
    if found is None:
        raise ValueError(f"{text[:40]!r} is no key {WAYS}")
    if re.fullmatch(r"[a-g][#b]?", plain):
        raise ValueError(
            f"{text[:40]!r} may be {found} or its minor: write {plain[0].upper()}{plain[1:]}m or {found}"
        )
    return found


def note(text: str) -> str:
    """The note that a text names, as in "F#3"; ValueError where it names none."""
    found = _NOTE.fullmatch(text.replace("♯", "#").replace("♭", "b").strip())
    if found is None:
        raise ValueError(f"{text[:40]!r} is no note with its octave, such as A4 or F#3")
    letter, sign, octave = found[1].upper(), found[2] or "", int(found[3])
    octave += {"Cb": -1, "B#": 1}.get(letter + sign, 0)  # the only ones that are spelled across an octave
    return f"{pitch_class(letter, sign)}{octave}"


def _one(text: str) -> str | None:
    if found := _GERMAN.fullmatch(text):
        shift = {"is": 1, "es": -1, "s": -1}.get((found[2] or "").lower(), 0)
        tonic = TONICS[(_GERMAN_NOTES[found[1].upper()] + shift) % 12]
        return f"{tonic} {'minor' if found[3].lower() == 'moll' else 'major'}"
    return read_key(text)
