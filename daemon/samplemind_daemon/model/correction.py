"""What a user says of a sound in place of what was heard."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

USER = "user"  # the maker of what a user says


@dataclass(frozen=True)
class Correction:
    """A user's value of a descriptor: a number, a word, or a tuple of words or of [word, probability]."""

    audio: str
    user: str  # who said it
    name: str  # "tempo.bpm"
    value: Any
    at: datetime
