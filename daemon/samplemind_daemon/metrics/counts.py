"""What is counted while it happens. No label holds an id, nor anything that a caller has chosen."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Histogram

QUICK = (
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
    60.0,
)  # seconds of calls
SLOW = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1_800.0)  # ... and of hearing
LONGEST = 86_400.0  # seconds that are believed of a worker


class Counts:
    """A Tally that Prometheus can read."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._calls = Histogram(
            "samplemind_rpc_seconds", "Calls that ended, and how long they took.", ["method", "code"],
            registry=registry, buckets=QUICK,
        )  # fmt: skip
        self._observe: dict[tuple[str, str], Callable[[float], None]] = {}
        self._received = Counter(
            "samplemind_upload_bytes", "Bytes of uploads that were kept.", registry=registry
        )
        self._wrote = Histogram(
            "samplemind_database_write_seconds", "Transactions that wrote, the waiting for the disk included.",
            registry=registry, buckets=QUICK,
        )  # fmt: skip
        self._jobs = Histogram(
            "samplemind_job_seconds", "Jobs that left the workers, by the state that they are in then.", ["outcome"],
            registry=registry, buckets=SLOW,
        )  # fmt: skip
        self._analyzers = Histogram(
            "samplemind_analyzer_seconds", "Files that an analyzer has heard, and how long it was at work.",
            ["analyzer"], registry=registry, buckets=SLOW,
        )  # fmt: skip
        self._failures = Counter(
            "samplemind_analyzer_failures", "Files that an analyzer failed to hear (failed), or that ended "
            "its worker (broke); no analyzer where none was at work.", ["analyzer", "kind"], registry=registry,
        )  # fmt: skip
        self._results = Counter(
            "samplemind_results", "Results that were needed, and were fresh or had to be made.", ["kind"],
            registry=registry,
        )  # fmt: skip

    def called(self, method: str, code: str, seconds: float) -> None:
        observe = self._observe.get((method, code))
        if observe is None:
            name = method.removeprefix("/samplemind.v1.").removeprefix("/")
            child = self._calls.labels(name, code)
            observe = self._observe[method, code] = (
                child.observe
            )  # to look for it takes longer than to use it
        observe(seconds)

    def received(self, size: int) -> None:
        self._received.inc(size)

    def wrote(self, seconds: float) -> None:
        self._wrote.observe(seconds)

    def ended(self, outcome: str, seconds: float) -> None:
        self._jobs.labels(outcome).observe(seconds)

    def heard(self, analyzer: str, seconds: float, failed: bool) -> None:
        self._analyzers.labels(analyzer).observe(min(max(seconds, 0.0), LONGEST))
        if failed:
            self._failures.labels(analyzer, "failed").inc()

    def broke(self, analyzer: str) -> None:
        self._failures.labels(analyzer, "broke").inc()

    def spared(self, fresh: int, made: int) -> None:
        self._results.labels("fresh").inc(fresh)
        self._results.labels("made").inc(made)
