"""Which call is behind what is done: one id through all threads and processes, in logs and in traces.

It is written as W3C Trace Context has it (https://www.w3.org/TR/trace-context/): a trace, and a step of it.
"""

import os
import re
from collections import OrderedDict
from contextvars import ContextVar
from dataclasses import dataclass

HEADER = "traceparent"
MOST_JOBS = 20_000  # whose origins are remembered
_GIVEN = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Origin:
    """A step of a trace; `given` is the step that a caller has made it part of, "" where there is none."""

    trace: str  # 32 hexadecimal digits
    call: str  # 16 of them
    given: str = ""

    def step(self) -> "Origin":
        """A new step of the same trace, below this one."""
        return Origin(self.trace, os.urandom(8).hex(), self.call)

    @property
    def ids(self) -> dict[str, str]:
        """As a log has it."""
        return {"trace": self.trace, "call": self.call}


ORIGIN: ContextVar[Origin | None] = ContextVar("origin", default=None)  # of what is done now


def begun(traceparent: str = "") -> Origin:
    """A new step: of the caller's trace where it names one, else of a new trace."""
    fresh = os.urandom(24).hex()
    if traceparent and (named := _GIVEN.fullmatch(traceparent)):
        return Origin(named[1], fresh[32:], named[2])
    return Origin(fresh[:32], fresh[32:])


class Origins:
    """Which call asked for each of the last jobs; a daemon that starts again has forgotten."""

    def __init__(self) -> None:
        self._by_job: OrderedDict[str, Origin] = OrderedDict()

    def keep(self, job: str) -> None:
        """Remember that what is done now has asked for the job."""
        if (origin := ORIGIN.get()) is not None:
            self._by_job[job] = origin
            if len(self._by_job) > MOST_JOBS:
                self._by_job.popitem(last=False)

    def of(self, job: str) -> Origin:
        """The origin of a job; a new one where nobody's is known."""
        return self._by_job.get(job) or begun()
