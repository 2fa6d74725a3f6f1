"""Sound as it is played: heard while it comes, gone on with after a break, and at its end described as a file is."""

import threading
import time
from itertools import islice

import grpc
import numpy as np
import pytest
from raw_calls import Person, read
from rhythms import house

from samplemind.v1 import analysis_pb2 as pb
from samplemind.v1 import analysis_pb2_grpc

FORMATS = {
    pb.SAMPLE_FORMAT_F32LE: lambda sound: sound.astype("<f4").tobytes(),
    pb.SAMPLE_FORMAT_S16LE: lambda sound: np.round(sound * 32_767).astype("<i2").tobytes(),
    pb.SAMPLE_FORMAT_S24LE: lambda sound: (
        np.round(sound * 8_388_607).astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    ),
}
BYTES = {pb.SAMPLE_FORMAT_F32LE: 4, pb.SAMPLE_FORMAT_S16LE: 2, pb.SAMPLE_FORMAT_S24LE: 3}


class Stage:
    """A caller of AnalyzeLive."""

    def __init__(self, address, headers):
        self._channel = grpc.insecure_channel(address)
        self._stub = analysis_pb2_grpc.AnalysisServiceStub(self._channel)
        self._headers = headers

    def play(self, messages):
        """What is said while these messages are sent."""
        return self._stub.AnalyzeLive(iter(messages), metadata=self._headers, timeout=60)

    def close(self):
        self._channel.close()


@pytest.fixture
def stage(daemon, ada):
    stage = Stage(daemon.address, ada.headers)
    yield stage
    stage.close()


def config(format=pb.SAMPLE_FORMAT_S16LE, rate=44_100, channels=1, **more):
    about = pb.LiveConfig(format=format, sample_rate_hz=rate, channels=channels, **more)
    return pb.AnalyzeLiveRequest(config=about)


def audio(frame, data):
    return pb.AnalyzeLiveRequest(audio=pb.LiveAudio(frame=frame, data=data))


END = pb.AnalyzeLiveRequest(finish=pb.LiveFinish())


def pieces(data, width, sizes=(1_000,), start=0):
    """A sound in pieces of so many frames, again and again."""
    at, number = start, 0
    while at * width < len(data):
        size = sizes[number % len(sizes)]
        yield audio(at, data[at * width : (at + size) * width])
        at, number = at + size, number + 1


def by_kind(answers):
    heard = {}
    for answer in answers:
        kind = answer.WhichOneof("update")
        heard.setdefault(kind, []).append(getattr(answer, kind))
    return heard


def findings(found):
    """Findings by name, as bytes."""
    return {one.name: one.SerializeToString(deterministic=True) for one in found}


def drums(seconds, rate=44_100, level=0.5):
    """Four to the floor, shape (frames,); of another level for each test, so that no two are the same sound."""
    sound = np.resize(house(), int(seconds * 44_100))
    places = np.arange(int(seconds * rate)) * 44_100 / rate
    return level * np.interp(places, np.arange(len(sound)), sound)


@pytest.mark.parametrize(
    ("format", "rate", "channels", "sizes"),
    [
        (pb.SAMPLE_FORMAT_S16LE, 44_100, 1, (64, 5_000)),
        (pb.SAMPLE_FORMAT_F32LE, 48_000, 2, (1_111,)),
        (pb.SAMPLE_FORMAT_S24LE, 96_000, 1, (16_384, 1, 333)),
    ],
)
def test_what_was_played_is_described_as_the_same_file_to_the_last_bit(
    ada, stage, format, rate, channels, sizes
):
    sound = drums(7, rate, level=0.3 + 0.1 * format)
    data = FORMATS[format](np.repeat(sound[:, None], channels, axis=1))
    played = pieces(data, BYTES[format] * channels, sizes)
    heard = by_kind(stage.play([config(format, rate, channels, keep=True, name="take.wav"), *played, END]))
    [end] = heard["end"]
    assert not end.HasField("problem") and end.audio.name == "take.wav"
    kept = list(ada("AnalysisService/Analyze", audio_id=end.audio.id, whole=True).answers)[-1].result
    assert findings(heard["final"]) == findings(
        one for one in kept.descriptors if not one.name.startswith("file.")
    )
    assert end.media.duration_seconds == kept.audio.media.duration_seconds == 7


def test_tempo_beats_and_loudness_are_told_while_it_goes_on(stage):
    data = FORMATS[pb.SAMPLE_FORMAT_S16LE](drums(20))

    def in_time():
        yield config(descriptors=["tempo.bpm", "loudness"], update_seconds=0.1)
        for number, piece in enumerate(pieces(data, 2, (8_820,))):
            yield piece
            time.sleep(0.02 if number % 5 == 0 else 0)
        yield END

    heard = by_kind(stage.play(in_time()))
    assert [started.next_frame for started in heard["started"]] == [0]
    frames = [progress.analysed_frames for progress in heard["progress"]]
    assert frames == sorted(frames) and frames[-1] <= 20 * 44_100
    tempi = [one.finding for one in heard["estimate"] if one.finding.name == "tempo.bpm"]
    [final] = [one for one in heard["final"] if one.name == "tempo.bpm"]
    assert tempi[-1].value.number == pytest.approx(final.value.number, rel=0.04)
    beats = [beat.seconds for beat in heard["beat"]]
    assert beats == sorted(set(beats)) and len(beats) > 5
    assert all(beat.next_seconds > beat.seconds for beat in heard["beat"])
    assert any(-60 < one.momentary < 0 and -60 < one.short_term < 0 for one in heard["loudness"])
    assert {one.name.partition(".")[0] for one in heard["final"]} <= {"tempo", "loudness", "kind"}


def test_what_never_came_is_said_and_counted_and_heard_as_silence(ada, stage):
    sound = drums(6, level=0.22)
    data = FORMATS[pb.SAMPLE_FORMAT_S16LE](sound)
    gone = slice(2 * 44_100, 2 * 44_100 + 3_000)
    parts = [audio(0, data[: 2 * gone.start]), audio(gone.stop, data[2 * gone.stop :][:60_000])]
    rest = pieces(data, 2, (20_000,), start=gone.stop + 10_000)  # 20,000 of its frames a second time
    first = pieces(data[: 2 * gone.start], 2, (30_000,))
    heard = by_kind(stage.play([config(keep=True), *first, parts[1], *rest, END]))
    assert [(gap.frame, gap.frames) for gap in heard["gap"]] == [(gone.start, 3_000)]
    [end] = heard["end"]
    assert end.media.duration_seconds == 6
    kept = b"".join(
        one.data for one in ada("AudioService/Download", audio_id=end.audio.id, whole=True).answers
    )
    sound[gone] = 0
    assert kept[44:] == FORMATS[pb.SAMPLE_FORMAT_S16LE](sound)


def test_a_stream_that_breaks_off_goes_on_and_nothing_of_it_is_lost(stage, ada):
    data = FORMATS[pb.SAMPLE_FORMAT_S16LE](drums(8, level=0.27))
    whole = by_kind(stage.play([config(), *pieces(data, 2, (9_000,)), END]))
    hold = threading.Event()

    def broken():
        yield config()
        yield from islice(pieces(data, 2, (9_000,)), 20)
        hold.wait(30)

    call = stage.play(broken())
    started = next(call).started
    for answer in call:
        if answer.progress.analysed_frames > 100_000:
            break
    call.cancel()
    hold.set()

    def going_on():
        yield config(resume_token=started.resume_token)
        frame = resumed.get()
        yield from pieces(data, 2, (7_000,), start=max(0, frame - 5_000))
        yield END

    resumed = Box()
    again = stage.play(going_on())
    frame = next(again).started.next_frame
    resumed.put(frame)
    assert 0 < frame <= 20 * 9_000
    heard = by_kind(again)
    assert findings(heard["final"]) == findings(whole["final"])


class Box:
    """A value that another thread waits for."""

    def __init__(self):
        self._there = threading.Event()

    def put(self, value):
        self._value = value
        self._there.set()

    def get(self):
        assert self._there.wait(30)
        return self._value


def refusal(call):
    with pytest.raises(grpc.RpcError) as error:
        list(call)
    return read(error.value)


def test_what_cannot_be_a_stream_is_refused_with_the_reason(daemon, stage, channel):
    frame = FORMATS[pb.SAMPLE_FORMAT_S16LE](np.zeros(10))
    nothing = np.array([np.nan] * 10, "<f4").tobytes()
    wrong = {
        "NO_CONFIG": [audio(0, frame)],
        "INVALID_STREAM": [config(rate=1_000)],
        "UNKNOWN_DESCRIPTOR": [config(descriptors=["colour.hue"])],
        "HALF_A_FRAME": [config(), audio(0, frame[:3])],
        "INVALID_FRAME": [config(), audio(-1, frame)],
        "OUT_OF_ORDER": [config(), config()],
        "STREAM_NOT_FOUND": [config(resume_token="none")],
        "STREAM_BROKEN": [config(), audio(61 * 44_100, frame), END],
        "NON_FINITE": [config(pb.SAMPLE_FORMAT_F32LE), audio(0, nothing), END],
        "EMPTY_MESSAGE": [config(), pb.AnalyzeLiveRequest()],
    }
    for reason, messages in wrong.items():
        assert refusal(stage.play(messages)).reason == reason


def test_a_stream_of_another_user_is_none(daemon, stage, channel):
    bob = Person(channel)
    call = stage.play([config(), audio(0, bytes(2_000))])
    token = next(call).started.resume_token
    other = Stage(daemon.address, bob.headers)
    assert refusal(other.play([config(resume_token=token)])).reason == "STREAM_NOT_FOUND"
    other.close()


def test_more_streams_than_there_is_room_for_are_refused_and_room_comes_back(own_daemon):
    daemon = own_daemon(settings={"SAMPLEMIND_LIVE_STREAMS": "2"})
    stage = Stage(daemon.address, [("x-api-key", (daemon.home / "owner.key").read_text().strip())])
    hold = threading.Event()

    def long():
        yield config()
        hold.wait(60)
        yield END

    calls = [stage.play(long()) for _ in range(2)]
    for call in calls:
        next(call)
    refused = refusal(stage.play([config(), END]))
    assert (refused.code, refused.reason) == ("RESOURCE_EXHAUSTED", "TOO_MANY_STREAMS")
    assert refused.retry_seconds > 0
    hold.set()
    for call in calls:
        assert by_kind(call)["end"]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            assert by_kind(stage.play([config(), END]))["end"]
            break
        except grpc.RpcError:
            time.sleep(0.1)
    else:
        raise AssertionError("no room came back")
    stage.close()
