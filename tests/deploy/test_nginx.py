"""nginx as deploy/nginx has it: gRPC, pages, gRPC-Web and WebSockets go through it to the client's own daemon."""

import json
import shutil
import ssl
import time
from hashlib import sha256
from uuid import uuid4

import numpy as np
import pytest
import soundfile
from browsing import Browser, frame
from daemon_process import DaemonProcess
from proxy import Proxy
from raw_calls import PASSWORD, pieces
from sockets import Socket

from samplemind.v1 import analysis_pb2 as pb
from samplemind_client import Client, SampleMindError
from samplemind_client.values.live import Stream

RATE, PIECE = 44_100, 4_096


@pytest.fixture(scope="module")
def nginx():
    """Where nginx is."""
    if (nginx := shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")) is None:
        pytest.skip("nginx is not installed")
    return nginx


@pytest.fixture(scope="module")
def behind(nginx, tmp_path_factory):
    """A proxy before two daemons, each with TLS of its own."""
    folder = tmp_path_factory.mktemp("behind")
    app = folder / "app"
    app.mkdir()
    (app / "index.html").write_text("<!doctype html><title>SampleMind</title>")
    (folder / "nginx").mkdir()
    proxy = Proxy(nginx, folder / "nginx")
    settings = {
        "SAMPLEMIND_WEB": "127.0.0.1:0", "SAMPLEMIND_WEB_APP": str(app), "SAMPLEMIND_TLS_SELF_SIGNED": "true",
        "SAMPLEMIND_WEB_ORIGINS": json.dumps([f"https://localhost:{proxy.web}"]),
        "SAMPLEMIND_WEB_PROXIES": '["127.0.0.1"]',
    }  # fmt: skip
    daemons = [DaemonProcess(folder / f"home{number}", settings).start() for number in range(2)]
    home = daemons[0].home
    proxy.write(
        home / "tls.pem", home / "tls.key", [one.address for one in daemons], [one.web for one in daemons]
    )
    proxy.start()
    yield proxy, daemons
    proxy.stop()
    for one in daemons:
        one.stop()


@pytest.fixture(scope="module")
def trust(behind):
    """Whom clients trust: the certificate that the proxy shows."""
    _, daemons = behind
    return ssl.create_default_context(cafile=daemons[0].home / "tls.pem")


@pytest.fixture
def client_of(behind):
    """A maker of clients that go through the proxy, with the key of a daemon's owner."""
    proxy, daemons = behind
    made, certificate = [], (daemons[0].home / "tls.pem").read_bytes()

    def make(daemon):
        made.append(
            Client(f"https://localhost:{proxy.grpc}", key=daemon.owner_key, root_certificates=certificate)
        )
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def mine(behind, client_of):
    """A client at the daemon that this address is led to, and that daemon."""
    for daemon in behind[1]:
        client = client_of(daemon)
        if _is_known(client):
            return client, daemon
    raise AssertionError("neither daemon is reached")


def _is_known(client):
    """Whether the daemon that a client is led to is the one whose key it has."""
    try:
        return bool(client.status())
    except SampleMindError as refused:
        if refused.code != "UNAUTHENTICATED":
            raise
        return False


@pytest.fixture
def open_page(behind, trust):
    """A maker of browsers at the proxy, each signed in with an account of its own, from an address of the loopback."""

    def make(source):
        page, email = (
            Browser(f"https://localhost:{behind[0].web}", trust, source),
            f"{uuid4().hex}@example.org",
        )
        page.call("AuthService/Register", email=email, password=PASSWORD)
        assert page.sign_in(email).code == "OK"
        return page

    return make


@pytest.fixture
def page(open_page):
    return open_page("127.0.0.1")


def test_the_sample_is_what_nginx_takes(nginx, tmp_path, behind, says):
    home = behind[1][0].home
    written = Proxy(nginx, tmp_path).write(
        home / "tls.pem", home / "tls.key", ["127.0.0.1:1"], ["127.0.0.1:2"]
    )
    status, said = says(nginx, "-t", "-c", str(written), "-e", "stderr")
    assert status == 0 and "[warn]" not in said, said


def test_a_sound_is_sent_heard_and_told_of_by_grpc(mine, tmp_path):
    client, _ = mine
    path = tmp_path / "noise.wav"
    soundfile.write(
        path, np.random.default_rng(3).standard_normal(20 * RATE) / 10, RATE
    )  # 1.8 MB, in many pieces
    sound = client.upload(path)
    assert "loudness.integrated" in repr(list(client.analyze(sound.id)))
    kinds = set()
    for event in client.events("0"):
        kinds.add(event.kind)
        if event.kind == "audio.completed":
            break
    assert {"audio.added", "audio.completed"} <= kinds


def test_events_come_as_they_happen_and_are_not_kept_back(mine, tmp_path):
    client, _ = mine
    events = client.events("0")
    seen = {next(events).kind}
    path = tmp_path / "short.wav"
    soundfile.write(path, np.random.default_rng(4).standard_normal(RATE) / 10, RATE)
    sound = client.upload(path)
    for event in events:
        seen.add(event.kind)
        if event.audio_id == sound.id and event.kind == "audio.completed":
            return


def test_live_sound_goes_both_ways_at_once_by_grpc(mine):
    client, _ = mine
    heard = []

    def played():
        for piece in np.array_split(np.random.default_rng(5).standard_normal(4 * RATE) / 10, 40):
            yield (piece * 32_767).astype("<i2").tobytes()

    for update in client.play(played(), Stream("s16le", RATE, 1), descriptors=["loudness"]):
        heard.append(type(update).__name__)
    assert heard[-1] == "LiveEnd" and len(heard) > 2


def test_a_page_gets_the_app_with_its_policy_and_cookies_that_only_tls_carries(page):
    got = page.ask("/")
    assert got.status == 200 and b"SampleMind" in got.body
    assert "script-src 'self'" in got.headers["content-security-policy"]
    assert any(name.startswith("__Host-") for name in page.cookies)  # the door believes that the page has TLS


def test_a_page_calls_and_sends_by_grpc_web(page):
    assert page.call("AuthService/GetMe").answer.user.email.endswith("@example.org")
    data = np.random.default_rng(6).bytes(3_000_000)
    opened = page.call(
        "AudioService/CreateUpload", name="x.wav", size_bytes=len(data), sha256=sha256(data).hexdigest()
    )
    upload = opened.answer.upload.id
    part = b"".join(frame(one.SerializeToString()) for one in pieces(upload, data))
    assert page.call("AudioService/UploadChunks", body=part).answer.upload.committed_bytes == len(data)
    assert page.call("AudioService/FinishUpload", upload_id=upload).answer.audio.id
    stream = page.stream("EventService/Subscribe", cursor="0")
    assert next(iter(stream)).cursor  # while it goes on
    stream.close()


def test_a_page_plays_by_a_websocket(page):
    socket = Socket(page)
    config = pb.LiveConfig(
        format=pb.SAMPLE_FORMAT_S16LE, sample_rate_hz=RATE, channels=1, descriptors=["loudness"]
    )
    sound = (np.random.default_rng(7).standard_normal(2 * RATE) * 3_000).astype("<i2").tobytes()
    socket.send(pb.AnalyzeLiveRequest(config=config))
    for at in range(0, len(sound), 2 * PIECE):
        audio = pb.LiveAudio(frame=at // 2, data=sound[at : at + 2 * PIECE])
        socket.send(pb.AnalyzeLiveRequest(audio=audio))
    socket.send(pb.AnalyzeLiveRequest(finish=pb.LiveFinish()))
    kinds = {answer.WhichOneof("update") for answer in socket.answers(pb.AnalyzeLiveResponse)}
    socket.close()
    assert {"started", "final", "end"} <= kinds and socket.ended.code == "OK"


def test_another_sites_page_is_turned_away(page):
    assert page.ask("/", headers={"Origin": "https://elsewhere.example"}).status == 403


def test_pages_are_known_by_their_own_address_and_not_by_what_they_say_it_is(open_page):
    page = open_page("127.0.0.7")
    page.call("AuthService/GetMe", {"X-Forwarded-For": "192.0.2.1"})
    [session] = page.call("AuthService/ListSessions", {"X-Forwarded-For": "192.0.2.1"}).answer.sessions
    assert session.place == "127.0.0.7"


def test_a_client_stays_with_a_daemon_and_goes_to_the_other_where_that_is_down(behind, mine, client_of):
    daemon, daemons = mine[1], behind[1]
    for _ in range(3):
        assert _is_known(client_of(daemon))  # each by a connection of its own
    other = daemons[0] if daemon is daemons[1] else daemons[1]
    daemon.stop()
    try:
        assert _is_known(client_of(other))
    finally:
        daemon.start()
    deadline = time.monotonic() + 60
    while not _is_known(client_of(daemon)):  # nginx tries it again after ten seconds
        assert time.monotonic() < deadline
        time.sleep(0.5)
