"""Sounds and uploads, from the model to the wire."""

from samplemind.v1 import audio_pb2 as pb
from samplemind_daemon.model import Audio, Media, Problem, State, Upload
from samplemind_daemon.service.moments import timestamp

STATES = {
    State.UPLOADED: pb.AUDIO_STATE_UPLOADED,
    State.QUEUED: pb.AUDIO_STATE_QUEUED,
    State.PROCESSING: pb.AUDIO_STATE_PROCESSING,
    State.COMPLETED: pb.AUDIO_STATE_COMPLETED,
    State.FAILED: pb.AUDIO_STATE_FAILED,
    State.CANCELLED: pb.AUDIO_STATE_CANCELLED,
    State.QUARANTINED: pb.AUDIO_STATE_QUARANTINED,
}


def audio(known: Audio) -> pb.Audio:
    """A sound."""
    return pb.Audio(
        id=known.id,
        name=text(known.name),
        state=STATES[known.state],
        state_at=timestamp(known.state_at),
        problem=problem(known.problem),
        size_bytes=known.size,
        sha256=known.sha256,
        media=media(known.media),
        folder_id=known.folder or "",
        path=(known.path or b"").decode("utf-8", "replace"),
        missing_at=timestamp(known.missing_at),
        created_at=timestamp(known.created_at),
    )


def problem(known: Problem | None) -> pb.Problem | None:
    """Why something could not be done; None, which leaves a field absent, for no problem."""
    return None if known is None else pb.Problem(reason=known.reason, message=text(known.message))


def media(known: Media | None) -> pb.Media | None:
    """What a file says and decoding found; None, which leaves a field absent, before it is known."""
    if known is None:
        return None
    return pb.Media(
        container=known.container,
        codec=known.codec,
        sample_rate_hz=known.rate,
        channels=known.channels,
        bit_depth=known.bits,
        duration_seconds=known.seconds,
        tags={text(name): text(value) for name, value in known.tags.items()},
        warnings=map(text, known.warnings),
    )


def upload(known: Upload, committed: int) -> pb.Upload:
    """An upload, and how many of its bytes are stored."""
    return pb.Upload(
        id=known.id,
        name=known.name,
        size_bytes=known.size,
        committed_bytes=committed,
        expires_at=timestamp(known.expires_at),
    )


def text(said: str) -> str:
    """What files say may hold characters that UTF-8 does not have: they become question marks."""
    return said.encode("utf-8", "replace").decode()
