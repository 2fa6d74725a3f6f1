"""What the doctor has found."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How something is."""

    WELL = "well"
    DOUBTFUL = "doubtful"  # it works, and may not for long, or not for everything
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """How one thing is, in a sentence, and what to do about it where it is not well."""

    subject: str
    health: Health
    sentence: str
    remedy: str = ""


def well(subject: str, sentence: str) -> Finding:
    """Nothing is to be done."""
    return Finding(subject, Health.WELL, sentence)


def doubtful(subject: str, sentence: str, remedy: str) -> Finding:
    """Something should be done."""
    return Finding(subject, Health.DOUBTFUL, sentence, remedy)


def broken(subject: str, sentence: str, remedy: str) -> Finding:
    """Something must be done."""
    return Finding(subject, Health.BROKEN, sentence, remedy)
