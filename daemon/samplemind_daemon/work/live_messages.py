"""What is said between the daemon and a worker that hears a stream."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samplemind_daemon.analysis.live.beating import Beat
from samplemind_daemon.analysis.live.timeline import Gap
from samplemind_daemon.model import Descriptor


@dataclass(frozen=True)
class Tune:
    """A stream is about to come; `analyzers` are in plan order, and those of `told` are told of meanwhile."""

    rate: int  # Hz
    channels: int
    format: str
    analyzers: tuple[str, ...]
    settings: Mapping[str, Mapping[str, Any]]
    told: tuple[str, ...]  # analyzers
    update_seconds: float  # between two estimates, at least
    longest_seconds: float
    attachments: tuple[str, ...] = ()  # other files that it must read: those that the settings name


@dataclass(frozen=True)
class Piece:
    """Frames of the stream, the first of which is number `frame`; `data` in base64."""

    frame: int
    data: str


@dataclass(frozen=True)
class Finish:
    """The stream is over."""


@dataclass(frozen=True)
class Moment:
    """How it is now: frames received and heard, what meters show, and what happened since the last moment."""

    rate: int  # frames a second
    received: int
    analysed: int
    meters: tuple[Descriptor, ...]
    beats: tuple[Beat, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Interim:
    """What is believed so far, and how steady each belief was over the last seconds, 0 to 1."""

    frame: int
    descriptors: tuple[Descriptor, ...]
    stabilities: tuple[float, ...]  # in the order of the descriptors
