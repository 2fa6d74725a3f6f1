"""Sounds, and how they come in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .state import Problem, State


@dataclass(frozen=True)
class Media:
    """What a file says of itself, and what decoding found."""

    container: str  # "wav", "flac", "mp3", "ogg", "m4a", "aiff", …
    codec: str  # "pcm_s16", "vorbis", …
    rate: int  # Hz, as stored
    channels: int
    bits: int = 0  # a sample; 0 where the codec has none
    seconds: float = 0.0  # decoded
    tags: Mapping[str, str] = field(default_factory=dict)  # by lower-case name
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audio:
    """A sound of a user: an upload, or a file in a watch folder."""

    id: str
    user: str
    name: str
    state: State
    state_at: datetime
    problem: Problem | None
    size: int  # bytes
    sha256: str
    media: Media | None
    folder: str | None
    path: bytes | None  # below the folder
    missing_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class Upload:
    """Bytes on their way in."""

    id: str
    user: str
    name: str
    size: int
    sha256: str
    audio: str | None  # once finished
    expires_at: datetime
