"""A sound that the daemon keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from samplemind.v1 import audio_pb2 as pb
from samplemind_client.values.moment import known_moment, moment, word


@dataclass(frozen=True)
class Problem:
    """Why something could not be done: a stable reason for programs, a sentence for people."""

    reason: str
    message: str


@dataclass(frozen=True)
class Media:
    """What a file says of itself, and what decoding found."""

    container: str  # "wav", "flac", "mp3", …
    codec: str  # "pcm_s16", "vorbis", …
    rate: int  # Hz, as stored
    channels: int
    bits: int  # a sample; 0 where the codec has none
    seconds: float  # decoded
    tags: Mapping[str, str] = field(default_factory=dict)  # by lower-case name
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sound:
    """A sound of the caller: an upload, or a file in a watch folder.

    `state` is "uploaded", "queued", "processing", "completed", "failed", "cancelled" or "quarantined".
    """

    id: str
    name: str
    state: str
    state_at: datetime
    problem: Problem | None
    size: int  # bytes
    sha256: str
    media: Media | None  # None until it has been decoded
    folder_id: str  # the watch folder it lies in; "" for an upload
    path: str  # below that folder
    missing_at: datetime | None
    created_at: datetime


def read_sound(message: pb.Audio) -> Sound:
    """The sound in a message."""
    return Sound(
        id=message.id,
        name=message.name,
        state=word(pb.AudioState.DESCRIPTOR, message.state, "AUDIO_STATE_"),
        state_at=known_moment(message.state_at),
        problem=read_problem(message.problem) if message.HasField("problem") else None,
        size=message.size_bytes,
        sha256=message.sha256,
        media=read_media(message.media) if message.HasField("media") else None,
        folder_id=message.folder_id,
        path=message.path,
        missing_at=moment(message, "missing_at"),
        created_at=known_moment(message.created_at),
    )


def read_problem(message: pb.Problem) -> Problem:
    """The problem in a message."""
    return Problem(message.reason, message.message)


def read_media(message: pb.Media) -> Media:
    """The media in a message."""
    return Media(
        container=message.container,
        codec=message.codec,
        rate=message.sample_rate_hz,
        channels=message.channels,
        bits=message.bit_depth,
        seconds=message.duration_seconds,
        tags=dict(message.tags),
        warnings=tuple(message.warnings),
    )
