"""What is written into files, between the wire and the model."""

from collections.abc import Sequence

from samplemind.v1 import library_pb2 as pb
from samplemind_daemon.model import FileChange, Write, WritePlan, WriteState
from samplemind_daemon.service.moments import timestamp
from samplemind_daemon.service.pages import fit
from samplemind_daemon.service.wire_sound import problem, text

MOST_SHOWN = 500  # files


def plan(message: pb.WritePlan) -> WritePlan:
    """What is to be written; to which sounds is told apart."""
    return WritePlan(tuple(dict.fromkeys(message.tags)), message.sidecar, message.template)


def chosen(found: Sequence[str], named: Sequence[str]) -> list[str]:
    """Those of the sounds that were found that are named too, in that order; all where none is named."""
    there = frozenset(found)
    return [id for id in dict.fromkeys(named) if id in there] if named else list(found)


def change(known: FileChange) -> pb.FileChange:
    """What would happen, or happened, to one file."""
    return pb.FileChange(
        audio_id=known.audio,
        path=_path(known.path),
        new_path=_path(known.new_path) if known.new_path != known.path else "",
        tags=[
            pb.TagChange(field=one.field, before=text(one.before), after=text(one.after))
            for one in known.tags
        ],
        sidecar=_path(known.sidecar),
        problem=problem(known.problem),
    )


def previewed(write: Write, changes: Sequence[FileChange]) -> pb.PreviewWriteResponse:
    """A plan that waits to be applied."""
    return pb.PreviewWriteResponse(
        write_id=write.id, changes=_shown(changes), total=write.total, refused=write.refused
    )


def applied(write: Write, changes: Sequence[FileChange]) -> pb.ApplyWriteResponse:
    """What was done."""
    failed = [one for one in changes if one.state is not WriteState.DONE]
    return pb.ApplyWriteResponse(
        done=len(changes) - len(failed), failed=_shown(failed), undo_until=timestamp(write.expires_at)
    )


def undone(changes: Sequence[FileChange]) -> pb.UndoWriteResponse:
    """What was put back."""
    failed = [one for one in changes if one.state is not WriteState.UNDONE]
    return pb.UndoWriteResponse(done=len(changes) - len(failed), failed=_shown(failed))


def _shown(changes: Sequence[FileChange]) -> list[pb.FileChange]:
    return fit(map(change, changes[:MOST_SHOWN]))


def _path(path: bytes) -> str:
    return path.decode("utf-8", "replace")
