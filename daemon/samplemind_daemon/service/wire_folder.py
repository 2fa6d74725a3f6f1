"""Watch folders, from the model to the wire."""

import os

from samplemind.v1 import watch_pb2 as pb
from samplemind_daemon.model import Folder, FolderHealth, FolderState, WatchMode, WritePlan
from samplemind_daemon.service.moments import timestamp
from samplemind_daemon.service.wire_sound import text

STATES = {
    FolderState.ACTIVE: pb.FOLDER_STATE_ACTIVE,
    FolderState.PAUSED: pb.FOLDER_STATE_PAUSED,
    FolderState.OFFLINE: pb.FOLDER_STATE_OFFLINE,
}
MODES = {WatchMode.NOTIFIED: pb.WATCH_MODE_NOTIFIED, WatchMode.POLLED: pb.WATCH_MODE_POLLED}


def folder(known: Folder, how: FolderHealth) -> pb.Folder:
    """A folder, and how watching it goes."""
    return pb.Folder(
        id=known.id,
        path=text(os.fsdecode(known.path)),
        state=STATES[known.state],
        recursive=known.recursive,
        include=known.include,
        ignore=known.ignore,
        created_at=timestamp(known.created_at),
        health=health(how),
        write=written(known.write),
    )


def plan(message: pb.FolderWrite) -> WritePlan:
    """What is to be written into a folder's files; nothing if the message is absent."""
    return WritePlan(tuple(dict.fromkeys(message.tags)), message.sidecar, message.template)


def written(plan: WritePlan) -> pb.FolderWrite | None:
    """The same as a message; None, which leaves a field absent, for nothing."""
    return pb.FolderWrite(tags=plan.tags, sidecar=plan.sidecar, template=plan.template) if plan else None


def health(how: FolderHealth) -> pb.FolderHealth:
    """How watching a folder goes."""
    return pb.FolderHealth(
        mode=MODES[how.mode],
        last_event_at=timestamp(how.last_event_at),
        last_sweep_at=timestamp(how.last_sweep_at),
        last_sweep_seconds=how.last_sweep_seconds,
        backlog=how.backlog,
        files=how.files,
        missing=how.missing,
        problems=map(text, how.problems),
    )
