"""What is heard of sound while it is played."""

from dataclasses import dataclass
from typing import TypeAlias

from samplemind.v1 import analysis_pb2 as pb
from samplemind_client.values.analysis import Descriptor, read_descriptor
from samplemind_client.values.sound import Media, Problem, Sound, read_media, read_problem, read_sound

FORMATS = {
    "f32le": pb.SAMPLE_FORMAT_F32LE,
    "s16le": pb.SAMPLE_FORMAT_S16LE,
    "s24le": pb.SAMPLE_FORMAT_S24LE,
}
WIDTHS = {"f32le": 4, "s16le": 2, "s24le": 3}  # bytes of a sample


@dataclass(frozen=True)
class Stream:
    """Interleaved little-endian samples: their format ("f32le", "s16le" or "s24le"), rate in Hz and channels."""

    format: str
    rate: int
    channels: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of a frame."""
        return WIDTHS[self.format] * self.channels


@dataclass(frozen=True)
class LiveProgress:
    """How far it is: frames that came and frames that were heard."""

    received: int
    analysed: int
    lag: float  # seconds
    overloaded: bool


@dataclass(frozen=True)
class LiveEstimate:
    """What is believed up to a frame; `stability` is the share of the last seconds in which it was the same."""

    descriptor: Descriptor
    frame: int
    stability: float


@dataclass(frozen=True)
class LiveBeat:
    """A beat, and when the next one is expected, in seconds from the start."""

    seconds: float
    next_seconds: float


@dataclass(frozen=True)
class LiveLoudness:
    """LUFS of the last 400 ms and of the last 3 s; None in silence, and before there are as many."""

    frame: int
    momentary: float | None
    short_term: float | None


@dataclass(frozen=True)
class LiveGap:
    """Frames that never came, in whose place silence was heard."""

    frame: int
    frames: int


@dataclass(frozen=True)
class LiveFinal:
    """A finding that stays."""

    descriptor: Descriptor


@dataclass(frozen=True)
class LiveEnd:
    """It was heard to its end; the sound that it became where it is kept, or why it did not."""

    media: Media
    sound: Sound | None
    problem: Problem | None


LiveUpdate: TypeAlias = LiveProgress | LiveEstimate | LiveBeat | LiveLoudness | LiveGap | LiveFinal | LiveEnd


def read_live(message: pb.AnalyzeLiveResponse) -> LiveUpdate | None:
    """The update in a message; None for a kind that this client does not know."""
    match message.WhichOneof("update"):
        case "progress":
            now = message.progress
            return LiveProgress(now.received_frames, now.analysed_frames, now.lag_seconds, now.overloaded)
        case "estimate":
            one = message.estimate
            return LiveEstimate(read_descriptor(one.finding), one.frame, one.stability)
        case "beat":
            return LiveBeat(message.beat.seconds, message.beat.next_seconds)
        case "loudness":
            return _loudness(message.loudness)
        case "gap":
            return LiveGap(message.gap.frame, message.gap.frames)
        case "final":
            return LiveFinal(read_descriptor(message.final))
        case "end":
            return _end(message.end)
    return None


def _loudness(message: pb.LiveLoudness) -> LiveLoudness:
    return LiveLoudness(
        message.frame,
        message.momentary if message.HasField("momentary") else None,
        message.short_term if message.HasField("short_term") else None,
    )


def _end(message: pb.LiveEnd) -> LiveEnd:
    return LiveEnd(
        media=read_media(message.media),
        sound=read_sound(message.audio) if message.HasField("audio") else None,
        problem=read_problem(message.problem) if message.HasField("problem") else None,
    )
