"""What the daemon is, and how it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from samplemind.v1 import status_pb2 as pb
from samplemind_client.values.moment import known_moment, word


@dataclass(frozen=True)
class Info:
    """What anyone may know; `registration` is "open" or "closed"."""

    name: str
    version: str
    api: str
    registration: str
    max_upload_bytes: int


@dataclass(frozen=True)
class Status:
    """How the daemon and the caller's work are; sounds and jobs are counted by state."""

    version: str
    started_at: datetime
    sounds: Mapping[str, int]
    jobs: Mapping[str, int]
    workers: int
    busy: int
    respawns: int
    subscribers: int
    analyzers: tuple[str, ...]
    broken_plugins: int
    inbox: str  # "" where the caller has none


def read_info(message: pb.GetInfoResponse) -> Info:
    """What a message says of the daemon."""
    return Info(
        name=message.name,
        version=message.version,
        api=message.api,
        registration=word(pb.Registration.DESCRIPTOR, message.registration, "REGISTRATION_"),
        max_upload_bytes=message.max_upload_bytes,
    )


def read_status(message: pb.GetStatusResponse) -> Status:
    """How a message says the daemon is."""
    return Status(
        version=message.version,
        started_at=known_moment(message.started_at),
        sounds={one.state: one.count for one in message.audios},
        jobs={one.state: one.count for one in message.jobs},
        workers=message.workers,
        busy=message.busy,
        respawns=message.respawns,
        subscribers=message.subscribers,
        analyzers=tuple(message.analyzers),
        broken_plugins=message.broken_plugins,
        inbox=message.inbox,
    )
