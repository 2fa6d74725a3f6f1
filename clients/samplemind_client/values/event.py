"""Something that happened."""

from dataclasses import dataclass
from datetime import datetime

from samplemind.v1 import event_pb2 as pb
from samplemind_client.values.moment import known_moment
from samplemind_client.values.sound import Problem, read_problem


@dataclass(frozen=True)
class Event:
    """Something that happened, such as "audio.completed"; give `cursor` to go on after it."""

    cursor: str
    kind: str
    at: datetime
    audio_id: str  # "" if none, as the next three
    job_id: str
    folder_id: str
    name: str
    problem: Problem | None


def read_event(message: pb.Event) -> Event:
    """The event in a message."""
    return Event(
        cursor=message.cursor,
        kind=message.kind,
        at=known_moment(message.at),
        audio_id=message.audio_id,
        job_id=message.job_id,
        folder_id=message.folder_id,
        name=message.name,
        problem=read_problem(message.problem) if message.HasField("problem") else None,
    )
