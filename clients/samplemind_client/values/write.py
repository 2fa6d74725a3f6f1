"""What is written into files, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from samplemind.v1 import library_pb2 as pb
from samplemind_client.values.moment import moment
from samplemind_client.values.sound import Problem, read_problem


@dataclass(frozen=True)
class WritePlan:
    """What to write: tags of "bpm", "key", "genre" and "comment", a sidecar, a path as "{kind}/{bpm} {key} {name}"."""

    tags: tuple[str, ...] = ()
    sidecar: bool = False
    template: str = ""


@dataclass(frozen=True)
class TagChange:
    """A tag that changes, under the name that it has in the file."""

    field: str
    before: str  # empty if it is not there
    after: str


@dataclass(frozen=True)
class FileChange:
    """What would happen, or happened, to one file; paths are below its watch folder."""

    audio_id: str
    path: str
    new_path: str  # empty where it stays
    tags: tuple[TagChange, ...]
    sidecar: str  # empty if none is written
    problem: Problem | None


@dataclass(frozen=True)
class WritePreview:
    """A plan that waits an hour to be applied: the first of its files, how many would change, and how many cannot."""

    write_id: str
    changes: tuple[FileChange, ...]
    total: int
    refused: int


@dataclass(frozen=True)
class Written:
    """How many files were written, which were not, and until when it can be undone."""

    done: int
    failed: tuple[FileChange, ...]
    undo_until: datetime | None


@dataclass(frozen=True)
class Undone:
    """How many files are as they were, and which are not."""

    done: int
    failed: tuple[FileChange, ...]


def write_plan(plan: WritePlan, query: pb.Query, audio_ids: tuple[str, ...]) -> pb.WritePlan:
    """The message that says what to write into which files."""
    return pb.WritePlan(
        query=query, audio_ids=audio_ids, tags=plan.tags, sidecar=plan.sidecar, template=plan.template
    )


def read_preview(message: pb.PreviewWriteResponse) -> WritePreview:
    """The preview in a message."""
    changes = tuple(map(_change, message.changes))
    return WritePreview(message.write_id, changes, message.total, message.refused)


def read_written(message: pb.ApplyWriteResponse) -> Written:
    """What was done, in a message."""
    return Written(message.done, tuple(map(_change, message.failed)), moment(message, "undo_until"))


def read_undone(message: pb.UndoWriteResponse) -> Undone:
    """What was put back, in a message."""
    return Undone(message.done, tuple(map(_change, message.failed)))


def _change(message: pb.FileChange) -> FileChange:
    tags = tuple(TagChange(one.field, one.before, one.after) for one in message.tags)
    problem = read_problem(message.problem) if message.HasField("problem") else None
    return FileChange(message.audio_id, message.path, message.new_path, tags, message.sidecar, problem)
