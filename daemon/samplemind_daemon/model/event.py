"""What happened."""

from dataclasses import dataclass
from datetime import datetime

from .state import Problem


@dataclass(frozen=True)
class Event:
    """Something that happened to a user's things; `sequence` has no gaps within a user."""

    user: str
    sequence: int
    kind: str
    at: datetime
    audio: str = ""
    job: str = ""
    folder: str = ""
    name: str = ""
    problem: Problem | None = None
