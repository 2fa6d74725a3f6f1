"""What the daemon's parts pass around: frozen values, no deeds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a sound, or a job on it, is on its way; jobs are never uploaded."""

    UPLOADED = "uploaded"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    QUARANTINED = "quarantined"


OPEN = frozenset({State.QUEUED, State.PROCESSING})  # a job in one of these is still to be done


class Lane(StrEnum):
    """Which queue a job waits in."""

    INTERACTIVE = "interactive"
    BATCH = "batch"


class Role(StrEnum):
    """What a user may do."""

    OWNER = "owner"
    MEMBER = "member"


class Scope(StrEnum):
    """What a credential may be used for; each holds those before it."""

    READ = "read"
    ANALYZE = "analyze"
    ADMIN = "admin"

    def holds(self, other: "Scope") -> bool:
        """Whether this scope is enough where `other` is asked for."""
        order = list(Scope)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True)
class Problem:
    """Why something could not be done: a stable reason for programs, a sentence for people."""

    reason: str
    message: str


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
class Descriptor:
    """One finding about a sound, with its maker. `value` is a number, a word, a tuple of them, or None."""

    name: str  # "tempo.bpm"
    value: Any
    unit: str
    confidence: float | None
    status: str  # samplemind_sdk.Status
    candidates: tuple[tuple[Any, float | None], ...]
    reason: str
    made_by: str
    version: int


@dataclass(frozen=True)
class Result:
    """All that one analyzer found in one content, and the recipe it was made by."""

    analyzer: str
    version: int
    fingerprint: str
    descriptors: tuple[Descriptor, ...]


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
class Job:
    """A piece of work on a sound."""

    id: str
    user: str
    audio: str
    sha256: str
    state: State
    lane: Lane
    attempts: int
    everything: bool  # whether fresh results are made again too
    problem: Problem | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class Lease:
    """The right to work on a job, until it expires or is taken away; `token` fences every write."""

    job: Job
    token: str


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


@dataclass(frozen=True)
class Event:
    """Something that happened to a user's things; `sequence` has no gaps within a user."""

    user: str
    sequence: int
    kind: str
    at: datetime
    audio: str = ""
    job: str = ""
    folder: str = ""
    name: str = ""
    problem: Problem | None = None


@dataclass(frozen=True)
class User:
    """An account."""

    id: str
    email: str
    role: Role
    marks: tuple[str, ...]
    created_at: datetime
    has_password: bool
    disabled: bool
    session_version: int


@dataclass(frozen=True)
class ApiKey:
    """A key for machines and plug-ins, without its secret."""

    id: str
    user: str
    name: str
    prefix: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class Caller:
    """Who makes a call, and what the credential may do."""

    user: User
    scope: Scope
    session: str = ""  # the refresh family behind an access token; empty for an API key


class FolderState(StrEnum):
    """How a watched folder is."""

    ACTIVE = "active"
    PAUSED = "paused"
    OFFLINE = "offline"


class WatchMode(StrEnum):
    """How a folder is watched."""

    NOTIFIED = "notified"
    POLLED = "polled"


@dataclass(frozen=True)
class Folder:
    """A watched folder."""

    id: str
    user: str
    path: bytes  # absolute
    state: FolderState
    recursive: bool
    include: tuple[str, ...]
    ignore: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True)
class Place:
    """A file of a watch folder as it was last seen: enough to tell by stat alone whether it changed."""

    audio: str  # empty where its sound was deleted
    path: bytes  # below the folder
    size: int
    mtime_ns: int
    device: int
    inode: int
    missing_at: datetime | None


@dataclass(frozen=True)
class FolderHealth:
    """How watching a folder goes, now."""

    mode: WatchMode = WatchMode.POLLED
    last_event_at: datetime | None = None
    last_sweep_at: datetime | None = None
    last_sweep_seconds: float = 0.0
    backlog: int = 0
    files: int = 0
    missing: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Declared:
    """A parameter or an output as its analyzer declares it."""

    name: str
    type: str  # "float", "int", "str" or "bool"
    many: bool = False
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    help: str = ""
    default: Any = None


@dataclass(frozen=True)
class AnalyzerInfo:
    """An analyzer as the daemon knows it, without its code."""

    name: str
    plugin: str
    version: int
    description: str
    listens: bool
    parameters: tuple[Declared, ...]
    inputs: tuple[tuple[str, bool], ...]  # ("tempo.bpm", optional)
    outputs: tuple[Declared, ...]  # names without the analyzer's


@dataclass(frozen=True)
class PluginInfo:
    """A plugin as it was found: `problem` says why it cannot be used, if so."""

    name: str
    origin: str
    problem: str = ""


@dataclass(frozen=True)
class Catalogue:
    """Every plugin that was found, and what they offer together."""

    plugins: tuple[PluginInfo, ...]
    analyzers: tuple[AnalyzerInfo, ...]
    features_version: int
