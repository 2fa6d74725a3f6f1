"""Traces by OpenTelemetry: a span for each call, each job that it asked for, and what each analyzer did in that."""

import os
import time
from importlib.metadata import version

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    INVALID_SPAN_CONTEXT,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from samplemind_daemon.origin import ORIGIN, Origin, begun

FAULTS = frozenset({"UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"})
SEND_SECONDS = 2.0
SAMPLED = TraceFlags(TraceFlags.SAMPLED)


class Traces:
    """A Tally that tells a collector; where and how is said by the OTEL_… variables of OpenTelemetry."""

    def __init__(self) -> None:
        resource = Resource.create(
            {
                "service.name": os.environ.get("OTEL_SERVICE_NAME", "samplemind"),
                "service.version": version("samplemind"),
            }
        )
        self._ids = _Given()
        self._provider = TracerProvider(resource=resource, id_generator=self._ids, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=_patience())))
        self._tracer = self._provider.get_tracer("samplemind")

    def close(self) -> None:
        """Send what is still to be sent; waits for the collector for a while."""
        self._provider.shutdown()

    def called(self, method: str, code: str, seconds: float) -> None:
        service, _, name = method.removeprefix("/").rpartition("/")
        facts = {"rpc.system": "grpc", "rpc.service": service, "rpc.method": name, "rpc.grpc.status": code}
        self._tell(
            f"{service}/{name}", ORIGIN.get() or begun(), seconds, facts, code in FAULTS, SpanKind.SERVER
        )

    def ended(self, outcome: str, seconds: float) -> None:
        if (origin := ORIGIN.get()) is not None and seconds:
            failed = outcome not in ("completed", "cancelled", "deleted")
            self._tell("job", origin, seconds, {"samplemind.outcome": outcome}, failed)

    def heard(self, analyzer: str, seconds: float, failed: bool) -> None:
        if (job := ORIGIN.get()) is not None:
            self._tell(f"worker: {analyzer}", job.step(), seconds, {"samplemind.analyzer": analyzer}, failed)

    def broke(self, analyzer: str) -> None:
        if (job := ORIGIN.get()) is not None:
            self._tell("worker broke", job.step(), 0.0, {"samplemind.analyzer": analyzer}, True)

    def received(self, size: int) -> None: ...

    def wrote(self, seconds: float) -> None: ...

    def spared(self, fresh: int, made: int) -> None: ...

    def _tell(
        self,
        name: str,
        origin: Origin,
        seconds: float,
        facts: dict[str, str],
        failed: bool,
        kind: SpanKind = SpanKind.INTERNAL,
    ) -> None:
        """A span that has just ended."""
        ended = time.time_ns()
        self._ids.trace, self._ids.span = int(origin.trace, 16), int(origin.call, 16)
        above = SpanContext(
            self._ids.trace, int(origin.given or "0", 16), is_remote=True, trace_flags=SAMPLED
        )
        context = set_span_in_context(NonRecordingSpan(above if origin.given else INVALID_SPAN_CONTEXT))
        span = self._tracer.start_span(
            name, context, kind, attributes=facts, start_time=ended - int(max(seconds, 0.0) * 1e9)
        )
        if failed:
            span.set_status(Status(StatusCode.ERROR))
        span.end(ended)


def _patience() -> float | None:
    """Seconds that the collector gets: what OpenTelemetry's variables say, else few, for the daemon ends after them."""
    named = any(
        name in os.environ for name in ("OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT")
    )
    return None if named else SEND_SECONDS


class _Given(RandomIdGenerator):
    """The ids that the logs have, too."""

    trace = span = 0

    def generate_trace_id(self) -> int:
        """The trace of the span that is told next."""
        return self.trace

    def generate_span_id(self) -> int:
        """Its own id."""
        return self.span
