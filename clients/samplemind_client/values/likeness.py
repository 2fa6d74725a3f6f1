"""How near sounds are to one, and how well they fit it."""

from dataclasses import dataclass

from samplemind.v1 import library_pb2 as pb
from samplemind_client.values.analysis import Analysis, read_descriptor
from samplemind_client.values.sound import read_sound


@dataclass(frozen=True)
class Weights:
    """How much each aspect counts, 0 to 10; all 0 as the vectors come: rhythm 0.7, timbre 1, harmony 0.5."""

    rhythm: float = 0.0
    timbre: float = 0.0
    harmony: float = 0.0


@dataclass(frozen=True)
class Neighbour:
    """A sound with some of its descriptors, and how far it is: 0 is the same."""

    found: Analysis
    distance: float
    distances: Weights  # by each aspect alone, with the weight 1


@dataclass(frozen=True)
class Similar:
    """The nearest sounds, the nearest first, of so many."""

    neighbours: tuple[Neighbour, ...]
    compared: int


@dataclass(frozen=True)
class Reason:
    """How well a sound fits in one aspect, 0 to 1, None where that is not known or not needed; and why."""

    aspect: str  # "tempo", "key", "tuning", "loudness" or "spectrum"
    score: float | None
    sentence: str


@dataclass(frozen=True)
class Match:
    """A sound that fits: the mean of its scores, weighed, each that is None as 0.5; and what should be done to it.

    `speed` is what its speed is multiplied by, `semitones` how far its pitch is shifted then; None for neither.
    """

    found: Analysis
    score: float
    speed: float | None
    semitones: float | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Compatible:
    """What fits, the best first, of so many."""

    matches: tuple[Match, ...]
    compared: int


def read_similar(message: pb.SimilarResponse) -> Similar:
    """The nearest sounds in a message."""
    return Similar(tuple(map(_read_neighbour, message.neighbours)), message.compared)


def read_compatible(message: pb.CompatibleResponse) -> Compatible:
    """What fits, in a message."""
    return Compatible(tuple(map(_read_match, message.matches)), message.compared)


def _read_found(message: pb.Found) -> Analysis:
    return Analysis(
        read_sound(message.audio), {one.name: read_descriptor(one) for one in message.descriptors}
    )


def _read_neighbour(message: pb.Neighbour) -> Neighbour:
    parts = message.distances
    distances = Weights(parts.rhythm, parts.timbre, parts.harmony)
    return Neighbour(_read_found(message.found), message.distance, distances)


def _read_match(message: pb.Match) -> Match:
    return Match(
        found=_read_found(message.found),
        score=message.score,
        speed=message.speed if message.HasField("speed") else None,
        semitones=message.semitones if message.HasField("semitones") else None,
        reasons=tuple(
            Reason(one.aspect, one.score if one.HasField("score") else None, one.sentence)
            for one in message.reasons
        ),
    )
