"""Corrections and what is stale, between the wire and the model."""

from typing import Any

from samplemind.v1 import analysis_pb2
from samplemind.v1 import library_pb2 as pb
from samplemind_daemon.library.analyses import Analysis
from samplemind_daemon.library.corrections import Change
from samplemind_daemon.library.stale import Preview
from samplemind_daemon.service.wire_analysis import descriptors, fit
from samplemind_daemon.service.wire_sound import audio

TIMES = frozenset({"tempo.beats", "tempo.downbeats"})


def change(message: pb.Correction) -> Change:
    """A user's wish."""
    match message.WhichOneof("change"):
        case "value":
            return Change(message.audio_id, message.name, value(message.value))
        case "factor":
            return Change(message.audio_id, message.name, factor=message.factor)
        case "undo":
            return Change(message.audio_id, message.name, undo=message.undo)
    return Change(message.audio_id, message.name)


def value(message: analysis_pb2.Value) -> Any:
    """A number, a word, a tuple of words or of [word, probability]; None where nothing is said."""
    match message.WhichOneof("kind"):
        case "number":
            return message.number
        case "integer":
            return message.integer
        case "text":
            return message.text
        case "numbers":
            return tuple(message.numbers.values)
        case "integers":
            return tuple(message.integers.values)
        case "texts":
            return tuple(message.texts.values)
        case "labels":
            return tuple((one.name, one.probability) for one in message.labels.values)
    return None


def found(known: Analysis, names: frozenset[str]) -> pb.Found:
    """A sound with the descriptors of these names, but beat times."""
    some = descriptors(known.results, names - TIMES)
    return pb.Found(audio=audio(known.audio), descriptors=fit(some))


def preview(known: Preview) -> pb.PreviewReanalyzeResponse:
    """What would be made again, by analyzer."""
    analyzers = [
        pb.StaleAnalyzer(
            analyzer=name,
            versions=sorted(one.versions),
            version=one.version,
            reasons=sorted(one.reasons),
            sounds=one.sounds,
        )
        for name, one in sorted(known.analyzers.items())
    ]
    return pb.PreviewReanalyzeResponse(
        analyzers=analyzers, sounds=known.sounds, total=known.total, seconds=known.seconds
    )
