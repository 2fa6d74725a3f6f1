"""Work on sounds, and the right to do it."""

from dataclasses import dataclass
from datetime import datetime

from .state import Lane, Problem, State


@dataclass(frozen=True)
class Job:
    """A piece of work on a sound."""

    id: str
    user: str
    audio: str
    sha256: str
    state: State
    lane: Lane
    attempts: int
    everything: bool  # whether fresh results are made again too
    problem: Problem | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    crashes: int = 0  # workers that it broke


@dataclass(frozen=True)
class Lease:
    """The right to work on a job, until it expires or is taken away; `token` fences every write."""

    job: Job
    token: str
