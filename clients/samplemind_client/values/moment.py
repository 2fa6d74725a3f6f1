"""Moments and words as the wire has them, and as Python has them."""

from datetime import UTC, datetime

from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp


def moment(message: Message, field: str) -> datetime | None:
    """A field's moment in UTC, or None where it is absent."""
    return known_moment(getattr(message, field)) if message.HasField(field) else None


def known_moment(stamp: Timestamp) -> datetime:
    """A moment in UTC, to the microsecond."""
    return stamp.ToDatetime(tzinfo=UTC)


def stamp(at: datetime) -> Timestamp:
    """A moment for the wire; one without a time zone is local time."""
    made = Timestamp()
    made.FromDatetime(at.astimezone(UTC))
    return made


def word(enum: EnumDescriptor, number: int, prefix: str) -> str:
    """The word in an enum's name, such as "queued" in AUDIO_STATE_QUEUED; "unknown" for a newer daemon's."""
    named = enum.values_by_number.get(number)
    return named.name.removeprefix(prefix).lower() if named else "unknown"
