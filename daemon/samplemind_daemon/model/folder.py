"""Watched folders, and the files in them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .write import NOTHING, WritePlan


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
    write: WritePlan = NOTHING  # into its files, once they were heard
    written_at: datetime | None = None  # analyses that ended later are still to be written
    instance: str = ""  # of the daemon that watches it, where several share a database


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
