"""The roll of workers: each says every few seconds that it is there, and how it is."""

import json
import time
from dataclasses import dataclass, fields

import structlog

from samplemind_daemon.work import described
from samplemind_daemon.work.crew import CrewStatus
from samplemind_daemon.work.protocol import CannotUnderstand

log = structlog.get_logger(__name__)

CALL_SECONDS = 2.0  # between two calls of a worker
GONE_SECONDS = 10.0  # without a call
MOST_WORKERS = 10_000
_COUNTS = tuple(one.name for one in fields(CrewStatus))


@dataclass(frozen=True)
class Present:
    """A worker as it says that it is; `seats` is how many jobs it does at a time."""

    id: str
    host: str
    version: str
    seats: int
    crew: CrewStatus


def encode(present: Present) -> bytes:
    """The call as JSON."""
    return json.dumps({**vars(present), "crew": vars(present.crew)}).encode()


def decode(text: bytes) -> Present:
    """The call that was encoded; CannotUnderstand if it is none."""
    try:
        said = json.loads(text)
        id, host, version = (described.text(said[name])[:200] for name in ("id", "host", "version"))
        counts = {name: max(0, described.whole(said["crew"][name])) for name in _COUNTS}
        return Present(
            id, host, version, min(10_000, max(0, described.whole(said["seats"]))), CrewStatus(**counts)
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CannotUnderstand(f"{type(error).__name__}: {str(error)[:200]}") from None


class Roll:
    """The workers that are there, as a daemon knows them."""

    def __init__(self) -> None:
        self._present: dict[str, tuple[Present, float]] = {}  # and when each was heard of last

    def hear(self, text: bytes) -> None:
        """A worker says how it is."""
        one = decode(text)
        if one.id not in self._present:
            if len(self._present) >= MOST_WORKERS:
                return
            log.info("a worker is there", host=one.host, seats=one.seats, version=one.version)
        self._present[one.id] = one, time.monotonic()

    def present(self) -> list[Present]:
        """Those that were heard of lately."""
        moment = time.monotonic()
        for id, (one, at) in list(self._present.items()):
            if moment - at > GONE_SECONDS:
                del self._present[id]
                log.warning("a worker is gone", host=one.host, seats=one.seats)
        return [one for one, _ in self._present.values()]

    def seats(self) -> int:
        """How many jobs all of them do at a time."""
        return sum(one.seats for one in self.present())

    def status(self) -> CrewStatus:
        """All of them together."""
        crews = [one.crew for one in self.present()]
        return CrewStatus(**{name: sum(getattr(crew, name) for crew in crews) for name in _COUNTS})
