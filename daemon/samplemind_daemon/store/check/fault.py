"""A promise that does not hold, and what can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass

from samplemind_daemon.store.database import Database

MOST = 10_000  # faults that are told at a time

Repair = Callable[[Database], str]  # makes it good in the running transaction, and says how


@dataclass(frozen=True)
class Fault:
    """What breaks the promise `invariant`; `repair` is None where nothing can be done without losing something."""

    invariant: str  # "I1" to "I9", as in docs/reliability.md
    subject: str  # "job 7f0c…"
    problem: str
    repair: Repair | None = None
