"""How things stand at the moment somebody looks: read from where it is known, not counted again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Protocol

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from samplemind_daemon.library.following import Following
from samplemind_daemon.model import Lane
from samplemind_daemon.service.gate import Gate
from samplemind_daemon.store import Store, queue
from samplemind_daemon.work.crew import Crew, CrewStatus
from samplemind_daemon.work.engine import Engine

Queue = Mapping[Lane, tuple[int, float]]  # how many jobs wait, and for how many seconds the oldest does


@dataclass(frozen=True)
class Sources:
    """Whom to ask."""

    store: Store
    engine: Engine
    gate: Gate
    following: Following


class Figures(Protocol):
    """What a page asks for at each look."""

    async def look(self) -> None:
        """See how things are now."""

    def collect(self) -> Iterator[Metric]:
        """All of them."""


class OfCrew(Collector):
    """Figures of a worker that has a crew and no more."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew

    async def look(self) -> None:
        """There is nothing to be asked before."""

    def collect(self) -> Iterator[Metric]:
        """All of them."""
        yield _version()
        yield from _of_crew(self._crew.status())


class Standing(Collector):
    """Figures that are asked for at each look; `look` before, for the queue is in the database."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._queue: Queue = {}

    async def look(self) -> None:
        """See how the queue is now."""
        self._queue = await self._sources.store.read(queue.standing)

    def collect(self) -> Iterator[Metric]:
        """All of them."""
        yield _version()
        yield _by(
            "samplemind_queue_jobs",
            "Jobs that wait.",
            "lane",
            {lane: n for lane, (n, _) in self._queue.items()},
        )
        oldest = {str(lane): seconds for lane, (_, seconds) in self._queue.items()}
        yield _by(
            "samplemind_queue_oldest_seconds",
            "For how long the oldest job that is due waits.",
            "lane",
            oldest,
        )
        running = self._sources.gate.running
        yield _by("samplemind_rpcs_running", "Calls that run, streams among them.", "kind", running)
        followers = self._sources.following.subscribers
        yield GaugeMetricFamily("samplemind_event_streams", "Streams of events that are open.", followers)
        yield from _of_crew(self._sources.engine.status())


def _version() -> Metric:
    return _by("samplemind_info", "Is 1; which version runs.", "version", {version("samplemind"): 1})


def _of_crew(crew: CrewStatus) -> Iterator[Metric]:
    yield GaugeMetricFamily("samplemind_workers", "Workers that live.", crew.workers)
    yield GaugeMetricFamily("samplemind_workers_busy", "Workers that hear something.", crew.busy)
    yield GaugeMetricFamily("samplemind_tasks_waiting", "Tasks that wait for a worker.", crew.waiting)
    yield CounterMetricFamily(
        "samplemind_worker_respawns", "Workers that came after one that died.", crew.respawns
    )
    yield CounterMetricFamily(
        "samplemind_worker_renewals",
        "Workers that came after one that was old or out of date.",
        crew.recycled,
    )


def _by(name: str, help: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
