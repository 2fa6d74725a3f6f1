"""What is asked of the library, and how many sounds have what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict, Unpack

from samplemind.v1 import audio_pb2
from samplemind.v1 import library_pb2 as pb

Bounds = tuple[float | None, float | None]  # lowest and highest, both included; None does not bound


class Clauses(TypedDict, total=False):
    """What must hold of a sound, all of it; what is left out holds for every sound."""

    tags: Iterable[str]  # all of these
    genres: Iterable[str]  # one of these, among those that are told of the sound
    moods: Iterable[str]  # one of these
    instruments: Iterable[str]  # all of these
    kinds: Iterable[str]  # one of "song", "loop", "one-shot", "speech", "silence"
    bpm: Bounds
    half_double: bool  # half and double of these are as good
    key: str  # such as "A minor", "8A", or a root alone, "A"
    key_rule: str  # "same", "relative", "fifths", "camelot" or "energy-boost"
    loudness: Bounds  # LUFS
    duration: Bounds  # seconds
    folder_ids: Iterable[str]  # one of these
    states: Iterable[str]  # one of these, such as "completed"


@dataclass(frozen=True)
class Counted:
    """How many sounds match, and how many of them have what, by facet, the most frequent first."""

    total: int
    facets: Mapping[str, Mapping[str, int]]


def write_query(text: str = "", **clauses: Unpack[Clauses]) -> pb.Query:
    """The message that asks it; ValueError for a rule or a state that there is not."""
    message = pb.Query(text=text, half_double=clauses.get("half_double", False), key=clauses.get("key", ""))
    message.tags.extend(clauses.get("tags", ()))
    message.genres.extend(clauses.get("genres", ()))
    message.moods.extend(clauses.get("moods", ()))
    message.instruments.extend(clauses.get("instruments", ()))
    message.kinds.extend(clauses.get("kinds", ()))
    message.folder_ids.extend(clauses.get("folder_ids", ()))
    states = (one.upper() for one in clauses.get("states", ()))
    message.states.extend(audio_pb2.AudioState.Value(f"AUDIO_STATE_{one}") for one in states)
    if rule := clauses.get("key_rule", "").upper().replace("-", "_"):
        message.key_rule = pb.KeyRule.Value(f"KEY_RULE_{rule}")
    _write_bounds(message.bpm, clauses.get("bpm"))
    _write_bounds(message.loudness, clauses.get("loudness"))
    _write_bounds(message.duration, clauses.get("duration"))
    return message


def read_counted(message: pb.QueryResponse) -> Counted:
    """The counts in a message."""
    facets = {one.name: {each.value: each.count for each in one.counts} for one in message.facets}
    return Counted(message.total, facets)


def _write_bounds(message: pb.Range, bounds: Bounds | None) -> None:
    low, high = bounds or (None, None)
    if low is not None:
        message.low = low
    if high is not None:
        message.high = high
