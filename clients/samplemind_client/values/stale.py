"""Results that would be made otherwise today."""

from dataclasses import dataclass

from samplemind.v1 import library_pb2 as pb


@dataclass(frozen=True)
class StaleAnalyzer:
    """An analyzer with stale results, and why they are: "version", "parameters", "inputs" or "missing"."""

    analyzer: str
    versions: tuple[int, ...]  # that made the stale ones
    version: int  # today's
    reasons: tuple[str, ...]
    sounds: int


@dataclass(frozen=True)
class Stale:
    """What would be made again: of how many sounds, among how many, and seconds that would be decoded."""

    analyzers: tuple[StaleAnalyzer, ...]
    sounds: int
    total: int
    seconds: float


@dataclass(frozen=True)
class Requeued:
    """How many sounds were queued, and how many are stale and wait until there is room: ask again later."""

    queued: int
    left: int


def read_stale(message: pb.PreviewReanalyzeResponse) -> Stale:
    """The preview in a message."""
    analyzers = (
        StaleAnalyzer(one.analyzer, tuple(one.versions), one.version, tuple(one.reasons), one.sounds)
        for one in message.analyzers
    )
    return Stale(tuple(analyzers), message.sounds, message.total, message.seconds)
