"""Sound that a page plays is heard while it comes, over a WebSocket."""

import time

import numpy as np
import pytest
from browsing import frame
from raw_calls import SECONDS
from sockets import LIVE, Socket

from samplemind.v1 import analysis_pb2 as pb

RATE, PIECE = 44_100, 4_096
CONFIG = pb.AnalyzeLiveRequest(
    config=pb.LiveConfig(
        format=pb.SAMPLE_FORMAT_S16LE, sample_rate_hz=RATE, channels=1, descriptors=["loudness"], keep=True,
        name="take.wav",
    )
)  # fmt: skip
END = pb.AnalyzeLiveRequest(finish=pb.LiveFinish())


def noise(seconds, seed=5):
    sound = np.random.default_rng(seed).standard_normal(int(seconds * RATE)) / 10
    return (sound * 32_767).astype("<i2").tobytes()


def pieces(data):
    for at in range(0, len(data), 2 * PIECE):
        audio = pb.LiveAudio(frame=at // 2, data=data[at : at + 2 * PIECE])
        yield pb.AnalyzeLiveRequest(audio=audio)


@pytest.fixture
def open_socket():
    """A maker of WebSockets that are closed at the end."""
    opened = []

    def make(*about, **how):
        opened.append(Socket(*about, **how))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def test_what_a_page_plays_is_heard_and_kept(page, ada, open_socket):
    socket, data = open_socket(page), noise(4)
    for message in (CONFIG, *pieces(data), END):
        socket.send(message)
    heard = {}
    for answer in socket.answers(pb.AnalyzeLiveResponse):
        kind = answer.WhichOneof("update")
        heard.setdefault(kind, []).append(getattr(answer, kind))
    assert socket.ended.code == "OK" and socket.closed == 1_000
    assert {"started", "progress", "final", "end"} <= heard.keys()
    assert "loudness.integrated" in {one.name for one in heard["final"]}
    [end] = heard["end"]
    assert page.ask(f"/audio/{end.audio.id}").body.endswith(data)


def test_who_says_that_nothing_more_comes_is_answered_as_in_grpc(page, open_socket):
    socket = open_socket(page)
    socket.finish()
    assert list(socket.answers(pb.AnalyzeLiveResponse)) == []
    assert (socket.ended.code, socket.closed) == ("INVALID_ARGUMENT", 1_000) and socket.ended.reason


def test_who_has_not_signed_in_is_told_so(browser, open_socket):
    socket = open_socket(browser)
    assert list(socket.answers(pb.AnalyzeLiveResponse)) == []
    assert (socket.ended.reason, socket.closed) == ("UNAUTHENTICATED", 1_000)


@pytest.mark.parametrize(
    "message",
    [b"\0\0\0\0\1", b"\1\0\0\0\0", b"\0\0\0\0\0\0\0", frame(b"\xff" * 9), frame(bytes(1 << 20)), "text"],
)
def test_what_is_no_frame_is_refused_with_a_reason(page, open_socket, message):
    socket = open_socket(page)
    socket.send(CONFIG)
    socket.send(message)
    list(socket.answers(pb.AnalyzeLiveResponse))
    assert socket.ended.code == "INVALID_ARGUMENT" and socket.ended.reason, socket.ended
    assert socket.closed == 1_000


def test_a_message_that_is_too_large_closes_the_socket(page, open_socket):
    socket = open_socket(page)
    socket.send(bytes((1 << 20) + 6))
    list(socket.answers(pb.AnalyzeLiveResponse))
    assert socket.closed == 1_009


def test_a_page_that_leaves_lets_go_of_its_worker_once_it_is_not_waited_for(page, open_socket):
    """Else eight tabs that were closed would keep everybody out."""
    sockets = [open_socket(page) for _ in range(3)]
    tokens = []
    for socket in sockets:
        socket.send(CONFIG)
        tokens.append(next(socket.answers(pb.AnalyzeLiveResponse)).started)
        socket.close()
    again = open_socket(page)
    about = pb.AnalyzeLiveRequest()
    about.CopyFrom(CONFIG)
    about.config.resume_token = tokens[0].resume_token
    deadline = time.monotonic() + SECONDS
    while True:
        again.send(about)
        answers = list_until(again, "started")
        if answers:
            break
        assert time.monotonic() < deadline, again.ended
        again = open_socket(page)
    for message in (*pieces(noise(1)), END):
        again.send(message)
    assert "end" in {one.WhichOneof("update") for one in again.answers(pb.AnalyzeLiveResponse)}


def list_until(socket, kind):
    """The answer of a kind, if it comes."""
    for answer in socket.answers(pb.AnalyzeLiveResponse):
        if answer.WhichOneof("update") == kind:
            return answer
    return None


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1", "http://localhost:1"])
def test_no_other_sites_page_is_let_in(page, open_socket, origin):
    assert open_socket(page, origin=origin).refused == 403


@pytest.mark.parametrize("path", ["/", "/samplemind.v1.EventService/Subscribe", f"{LIVE}/", "/none"])
def test_there_is_a_socket_for_live_sound_only(page, open_socket, path):
    assert open_socket(page, path=path).refused == 403
