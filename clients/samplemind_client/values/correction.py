"""What its user says of a sound in place of what was heard."""

from dataclasses import dataclass

from samplemind.v1 import analysis_pb2
from samplemind.v1 import library_pb2 as pb
from samplemind_client.values.analysis import Analysis, Label, Value, read_descriptor
from samplemind_client.values.sound import read_sound


@dataclass(frozen=True)
class Correction:
    """A value from now on, or a factor for the number that counts, or neither with `undo`: what was heard counts again.

    `name` is "tempo.bpm", "key.key", "key.root_note", "meter.signature", "kind.label", "oneshot.label",
    "genre.labels", "mood.labels", "instruments.labels" or "tags.words"; of a list, the value is a tuple of words.
    """

    audio_id: str
    name: str
    value: Value = None
    factor: float | None = None
    undo: bool = False


@dataclass(frozen=True)
class Corrected:
    """Sounds with the descriptors that may have changed; of many, the first, and how many there are."""

    analyses: tuple[Analysis, ...]
    total: int


def write_correction(one: Correction) -> pb.Correction:
    """The correction as a message."""
    message = pb.Correction(audio_id=one.audio_id, name=one.name)
    if one.undo:
        message.undo = True
    elif one.factor is not None:
        message.factor = one.factor
    elif one.value is not None:
        message.value.CopyFrom(write_value(one.value))
    return message


def write_value(value: Value) -> analysis_pb2.Value:
    """The value as a message."""
    match value:
        case str():
            return analysis_pb2.Value(text=value)
        case int():
            return analysis_pb2.Value(integer=value)
        case float():
            return analysis_pb2.Value(number=value)
        case tuple():
            labels = [
                analysis_pb2.Label(name=one.name, probability=one.probability)
                for one in value
                if isinstance(one, Label)
            ]
            if labels:
                return analysis_pb2.Value(labels=analysis_pb2.Labels(values=labels))
            return analysis_pb2.Value(texts=analysis_pb2.Texts(values=map(str, value)))
    return analysis_pb2.Value()


def read_corrected(message: pb.CorrectResponse) -> Corrected:
    """The sounds in a message."""
    analyses = (
        Analysis(read_sound(one.audio), {found.name: read_descriptor(found) for found in one.descriptors})
        for one in message.found
    )
    return Corrected(tuple(analyses), message.total)
