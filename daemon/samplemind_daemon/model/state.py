"""Where a sound, or a job on it, is on its way, and why it went no further."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a sound, or a job on it, is on its way; jobs are never uploaded."""

    UPLOADED = "uploaded"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    QUARANTINED = "quarantined"


OPEN = frozenset({State.QUEUED, State.PROCESSING})  # a job in one of these is still to be done


class Lane(StrEnum):
    """Which queue a job waits in."""

    INTERACTIVE = "interactive"
    BATCH = "batch"


@dataclass(frozen=True)
class Problem:
    """Why something could not be done: a stable reason for programs, a sentence for people."""

    reason: str
    message: str
