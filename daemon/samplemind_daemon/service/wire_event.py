"""Events, from the model to the wire."""

from functools import lru_cache

from samplemind.v1 import event_pb2 as pb
from samplemind_daemon.library import cursors
from samplemind_daemon.model import Event
from samplemind_daemon.service.moments import timestamp
from samplemind_daemon.service.wire_sound import problem, text


@lru_cache(1_000)
def told(known: Event) -> pb.SubscribeResponse:
    """The message that tells of an event, the same one for all who follow: nobody may change it."""
    made = event(known)
    return pb.SubscribeResponse(cursor=made.cursor, event=made)


def event(known: Event) -> pb.Event:
    """Something that happened."""
    return pb.Event(
        cursor=cursors.write(known.user, known.sequence),
        kind=known.kind,
        at=timestamp(known.at),
        audio_id=known.audio,
        job_id=known.job,
        folder_id=known.folder,
        name=text(known.name),
        problem=problem(known.problem),
    )
