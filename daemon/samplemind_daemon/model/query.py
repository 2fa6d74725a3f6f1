"""What is asked of a library."""

from dataclasses import dataclass
from enum import StrEnum

from .state import State


class KeyRule(StrEnum):
    """Which other keys go with a key."""

    SAME = "same"
    RELATIVE = "relative"
    FIFTHS = "fifths"
    CAMELOT = "camelot"
    ENERGY_BOOST = "energy-boost"


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included; None does not bound."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Harmony:
    """Keys, by their place on the Camelot wheel (0 is 1A, 1 is 1B, … 23 is 12B), and roots, 0 (C) to 11 (B).

    A root stands for sounds of which no key is known.
    """

    keys: frozenset[int]
    roots: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Query:
    """Clauses that must all hold of a sound; one that is empty holds of each. See library.proto."""

    text: str = ""
    tags: tuple[str, ...] = ()  # all of these
    genres: tuple[str, ...] = ()  # one of these, and so on
    moods: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()  # all of these
    kinds: tuple[str, ...] = ()
    bpm: Range = Range()
    half_double: bool = False
    harmony: Harmony | None = None
    loudness: Range = Range()  # LUFS
    duration: Range = Range()  # seconds
    folders: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    owner: str = ""  # the user's own id, or nothing is found


@dataclass(frozen=True)
class Order:
    """What found sounds are sorted by; those without a value come last either way."""

    field: str = "created_at"
    descending: bool = True
