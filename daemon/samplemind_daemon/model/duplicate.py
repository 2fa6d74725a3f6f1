"""Sounds that are there more than once."""

from dataclasses import dataclass
from enum import IntEnum

from .sound import Audio


class Sameness(IntEnum):
    """How sounds are the same: what is the same in one way is so in all ways after it."""

    BYTES = 1
    AUDIO = 2
    RECORDING = 3


@dataclass(frozen=True)
class DuplicateGroup:
    """Sounds that are the same, the best encoding first."""

    sameness: Sameness  # of all of them
    audios: tuple[Audio, ...]  # the first of them
    total: int
    differences: tuple[str, ...]  # among the first of them
