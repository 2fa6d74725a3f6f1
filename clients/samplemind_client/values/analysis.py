"""What is heard in a sound, and the work of hearing it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeAlias

from samplemind.v1 import analysis_pb2 as pb
from samplemind_client.values.moment import known_moment, moment, word
from samplemind_client.values.sound import Problem, Sound, read_problem, read_sound


class Label(NamedTuple):
    """One of several names that may hold for a sound together, with the probability that it does."""

    name: str
    probability: float


Value: TypeAlias = (
    float | int | str | tuple[float, ...] | tuple[int, ...] | tuple[str, ...] | tuple[Label, ...] | None
)


@dataclass(frozen=True)
class Candidate:
    """Another likely value, with the probability that it is right where one was fitted."""

    value: Value
    confidence: float | None


@dataclass(frozen=True)
class Descriptor:
    """One finding about a sound.

    `status` is "ok", "low_confidence", "not_applicable", "unmeasurable" or "failed"; `reason` says
    why there is no value or a doubtful one.
    """

    name: str  # "tempo.bpm"
    value: Value
    unit: str  # "BPM", "LUFS", …; "" where there is none
    confidence: float | None
    status: str
    candidates: tuple[Candidate, ...]
    reason: str
    made_by: str
    version: int
    fingerprint: str  # names the recipe


@dataclass(frozen=True)
class Job:
    """A piece of work on a sound; `state` as a sound's, `lane` is "interactive" or "batch"."""

    id: str
    audio_id: str
    state: str
    lane: str
    attempts: int
    problem: Problem | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class Analysis:
    """All that is known of a sound; the descriptors by name."""

    sound: Sound
    descriptors: Mapping[str, Descriptor] = field(default_factory=dict)
    job: Job | None = None


@dataclass(frozen=True)
class Queued:
    """The sound waits; `ahead` jobs stand before it."""

    job: Job
    ahead: int


@dataclass(frozen=True)
class Decoding:
    """The sound is being heard; `fraction` is 0 to 1, or None where the length is not known."""

    fraction: float | None


@dataclass(frozen=True)
class Result:
    """The sound is done, well or not: the last update."""

    analysis: Analysis


Update: TypeAlias = Queued | Decoding | Descriptor | Result


@dataclass(frozen=True)
class BatchOutcome:
    """How one sound of a batch ended: `done` of `total` are done now.

    `job` is None where there is no such sound; then `problem` says so.
    """

    audio_id: str
    job: Job | None
    problem: Problem | None
    done: int
    total: int


def read_update(message: pb.AnalyzeResponse) -> Update | None:
    """The update in a message; None for a kind that this client does not know."""
    match message.WhichOneof("update"):
        case "queued":
            return Queued(read_job(message.queued.job), message.queued.ahead)
        case "decoding":
            known = message.decoding.HasField("fraction")
            return Decoding(message.decoding.fraction if known else None)
        case "finding":
            return read_descriptor(message.finding)
        case "result":
            return Result(read_analysis(message.result))
    return None


def read_analysis(message: pb.Analysis) -> Analysis:
    """The analysis in a message."""
    return Analysis(
        sound=read_sound(message.audio),
        descriptors={one.name: read_descriptor(one) for one in message.descriptors},
        job=read_job(message.job) if message.HasField("job") else None,
    )


def read_descriptor(message: pb.Descriptor) -> Descriptor:
    """The finding in a message."""
    return Descriptor(
        name=message.name,
        value=read_value(message.value),
        unit=message.unit,
        confidence=message.confidence if message.HasField("confidence") else None,
        status=word(pb.DescriptorStatus.DESCRIPTOR, message.status, "DESCRIPTOR_STATUS_"),
        candidates=tuple(_read_candidate(one) for one in message.candidates),
        reason=message.reason,
        made_by=message.made_by,
        version=message.version,
        fingerprint=message.fingerprint,
    )


def _read_candidate(message: pb.Candidate) -> Candidate:
    confidence = message.confidence if message.HasField("confidence") else None
    return Candidate(read_value(message.value), confidence)


def read_value(message: pb.Value) -> Value:
    """A number, a word, a tuple of them, or None where nothing is said."""
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
            return tuple(Label(one.name, one.probability) for one in message.labels.values)
    return None


def read_job(message: pb.Job) -> Job:
    """The job in a message."""
    return Job(
        id=message.id,
        audio_id=message.audio_id,
        state=word(pb.JobState.DESCRIPTOR, message.state, "JOB_STATE_"),
        lane=word(pb.Lane.DESCRIPTOR, message.lane, "LANE_"),
        attempts=message.attempts,
        problem=read_problem(message.problem) if message.HasField("problem") else None,
        created_at=known_moment(message.created_at),
        started_at=moment(message, "started_at"),
        finished_at=moment(message, "finished_at"),
    )
