"""Live sound, between the wire and the model."""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator

from samplemind.v1 import analysis_pb2 as pb
from samplemind_daemon.library import names
from samplemind_daemon.library.live import Over, Said, Started
from samplemind_daemon.model import Descriptor, LiveConfig, LiveEnd, LiveMessage, LivePiece, Result
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.service.wire_analysis import descriptors, fit
from samplemind_daemon.service.wire_sound import audio, media, problem
from samplemind_daemon.work.live_messages import Interim, Moment

FORMATS = {
    pb.SAMPLE_FORMAT_F32LE: "f32le",
    pb.SAMPLE_FORMAT_S16LE: "s16le",
    pb.SAMPLE_FORMAT_S24LE: "s24le",
}
MOST_ASKED = 100  # descriptors
LATE_SECONDS = 2.0  # behind: overloaded


async def messages(requests: AsyncIterator[pb.AnalyzeLiveRequest]) -> AsyncIterator[LiveMessage]:
    """The messages of a stream; Invalid for an empty one."""
    async for request in requests:
        match request.WhichOneof("message"):
            case "config":
                yield _config(request.config)
            case "audio":
                yield LivePiece(request.audio.frame, request.audio.data)
            case "finish":
                yield LiveEnd()
            case _:
                raise Invalid("EMPTY_MESSAGE", "A message of a stream is a config, sound or the end.")


def told(said: Said, hidden: Collection[str]) -> Iterator[pb.AnalyzeLiveResponse]:
    """What is heard, message by message, without the descriptors that are hidden."""
    match said:
        case Started(token, frame):
            yield pb.AnalyzeLiveResponse(started=pb.LiveStarted(resume_token=token, next_frame=frame))
        case Moment():
            yield from _moment(said)
        case Interim(frame, found, stabilities):
            steadiness = dict(zip((one.name for one in found), stabilities, strict=True))
            for one in _shown(found, hidden):
                estimate = pb.LiveEstimate(finding=one, frame=frame, stability=steadiness[one.name])
                yield pb.AnalyzeLiveResponse(estimate=estimate)
        case Result():
            for one in _shown(said.descriptors, hidden, said):
                yield pb.AnalyzeLiveResponse(final=one)
        case Over():
            end = pb.LiveEnd(media=media(said.media), problem=problem(said.problem))
            if said.audio:
                end.audio.CopyFrom(audio(said.audio))
            yield pb.AnalyzeLiveResponse(end=end)


def _moment(now: Moment) -> Iterator[pb.AnalyzeLiveResponse]:
    for gap in now.gaps:
        yield pb.AnalyzeLiveResponse(gap=pb.LiveGap(frame=gap.frame, frames=gap.frames))
    lag = (now.received - now.analysed) / now.rate
    progress = pb.LiveProgress(
        received_frames=now.received,
        analysed_frames=now.analysed,
        lag_seconds=lag,
        overloaded=lag > LATE_SECONDS,
    )
    yield pb.AnalyzeLiveResponse(progress=progress)
    meters = {one.name: one.value for one in now.meters}
    if "loudness.momentary" in meters:
        loudness = pb.LiveLoudness(
            frame=now.analysed,
            momentary=meters["loudness.momentary"],
            short_term=meters.get("loudness.short_term"),
        )
        yield pb.AnalyzeLiveResponse(loudness=loudness)
    for beat in now.beats:
        yield pb.AnalyzeLiveResponse(beat=pb.LiveBeat(seconds=beat.seconds, next_seconds=beat.next_seconds))


def _shown(
    found: Iterable[Descriptor], hidden: Collection[str], of: Result | None = None
) -> list[pb.Descriptor]:
    """Descriptors as messages, each of which a message of its own holds."""
    shown = tuple(one for one in found if one.name.partition(".")[0] not in hidden)
    result = Result(of.analyzer, of.version, of.fingerprint, shown) if of else Result("", 0, "", shown)
    return [fit([one])[0] for one in descriptors([result])]


def _config(message: pb.LiveConfig) -> LiveConfig:
    if message.format not in FORMATS:
        raise Invalid("INVALID_STREAM", "The format is none that is known.", {"format": "it is not said"})
    if len(message.descriptors) > MOST_ASKED:
        why = {"descriptors": f"at most {MOST_ASKED} can be asked for"}
        raise Invalid("INVALID_STREAM", "Too many descriptors are asked for.", why)
    return LiveConfig(
        format=FORMATS[message.format],
        rate=message.sample_rate_hz,
        channels=message.channels,
        told=tuple(message.descriptors),
        update_seconds=message.update_seconds,
        keep=message.keep,
        name=names.clean(message.name) or "",
        token=message.resume_token,
    )
