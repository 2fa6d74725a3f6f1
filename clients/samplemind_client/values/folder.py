"""A folder of the daemon's machine whose files become sounds."""

from dataclasses import dataclass
from datetime import datetime

from samplemind.v1 import watch_pb2 as pb
from samplemind_client.values.moment import known_moment, moment, word
from samplemind_client.values.write import WritePlan


@dataclass(frozen=True)
class FolderHealth:
    """How watching a folder goes; `mode` is "notified" or "polled"."""

    mode: str
    last_event_at: datetime | None
    last_sweep_at: datetime | None
    last_sweep_seconds: float
    backlog: int  # files that still change or wait to be taken in
    files: int
    missing: int
    problems: tuple[str, ...]  # sentences, newest first


@dataclass(frozen=True)
class Folder:
    """A watched folder; `state` is "active", "paused" or "offline"."""

    id: str
    path: str
    state: str
    recursive: bool
    include: tuple[str, ...]
    ignore: tuple[str, ...]
    created_at: datetime
    health: FolderHealth
    write: WritePlan | None = None  # what is written into its files by itself; None for nothing


@dataclass(frozen=True)
class Scan:
    """What a sweep of a folder saw."""

    folder: Folder
    seen: int
    changed: int


def read_folder(message: pb.Folder) -> Folder:
    """The folder in a message."""
    return Folder(
        id=message.id,
        path=message.path,
        state=word(pb.FolderState.DESCRIPTOR, message.state, "FOLDER_STATE_"),
        recursive=message.recursive,
        include=tuple(message.include),
        ignore=tuple(message.ignore),
        created_at=known_moment(message.created_at),
        health=_read_health(message.health),
        write=_read_write(message.write) if message.HasField("write") else None,
    )


def write_folder_plan(plan: WritePlan | None) -> pb.FolderWrite | None:
    """The message that says what to write by itself; None, which leaves a field absent, for nothing."""
    if plan is None:
        return None
    return pb.FolderWrite(tags=plan.tags, sidecar=plan.sidecar, template=plan.template)


def _read_write(message: pb.FolderWrite) -> WritePlan:
    return WritePlan(tuple(message.tags), message.sidecar, message.template)


def read_scan(message: pb.WatchServiceScanResponse) -> Scan:
    """The sweep in a message."""
    return Scan(read_folder(message.folder), message.seen, message.changed)


def _read_health(message: pb.FolderHealth) -> FolderHealth:
    return FolderHealth(
        mode=word(pb.WatchMode.DESCRIPTOR, message.mode, "WATCH_MODE_"),
        last_event_at=moment(message, "last_event_at"),
        last_sweep_at=moment(message, "last_sweep_at"),
        last_sweep_seconds=message.last_sweep_seconds,
        backlog=message.backlog,
        files=message.files,
        missing=message.missing,
        problems=tuple(message.problems),
    )
