"""The other names of a key, its tonic, its mode, and its places on the wheels of DJs."""

from collections.abc import Iterator

from samplemind_daemon.analysis.evidence.keys import TONICS


def names(key: str) -> Iterator[tuple[str, str]]:
    """What follows from a key such as "F# minor", by descriptor."""
    tonic, _, mode = key.partition(" ")
    minor = mode == "minor"
    fifths = (TONICS.index(tonic) + 3 * minor) * 7 % 12  # that its major or relative major lies above C
    yield "key.tonic", tonic
    yield "key.mode", mode
    yield "key.camelot", f"{(fifths + 7) % 12 + 1}{'A' if minor else 'B'}"
    yield "key.open_key", f"{fifths + 1}{'m' if minor else 'd'}"


def tonic(note: str) -> str:
    """The tonic of a sound that is one note: of "F#3" it is F#."""
    return note.rstrip("-0123456789")
