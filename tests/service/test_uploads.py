"""Uploads over the wire: what a client that breaks, lies or repeats itself may count on."""

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from raw_calls import Channel, pieces

from samplemind_client import Client

SLOW_SENDER = """
    import sys, time
    from raw_calls import Channel, pieces
    address, token, upload, path = sys.argv[1:]
    data = open(path, "rb").read()
    def slowly():
        for piece in pieces(upload, data, size=10_000):
            yield piece
            time.sleep(0.02)
    Channel(address).call("AudioService/UploadChunks", [("authorization", token)], stream=slowly())
"""


@pytest.fixture
def send_slowly(daemon, ada, tmp_path):
    """Starts a process that sends bytes to an upload, slowly."""
    started = []

    def send(upload, data):
        (tmp_path / "data").write_bytes(data)
        arguments = [daemon.address, dict(ada.headers)["authorization"], upload, str(tmp_path / "data")]
        here = {**os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(__file__))}
        command = [sys.executable, "-c", textwrap.dedent(SLOW_SENDER), *arguments]
        started.append(subprocess.Popen(command, env=here))
        return started[-1]

    yield send
    for process in started:
        process.kill()
        process.wait()


def committed(ada, id):
    return ada("AudioService/GetUpload", upload_id=id).answer.upload.committed_bytes


def test_a_killed_uploader_leaves_no_sound_and_its_upload_can_be_gone_on_with(ada, make_sound, send_slowly):
    data = make_sound(0, 20.0)
    upload = ada.open_upload(data).upload
    sender = send_slowly(upload.id, data)
    deadline = time.monotonic() + 60
    while committed(ada, upload.id) < 50_000:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    sender.send_signal(signal.SIGKILL)
    sender.wait()
    time.sleep(0.5)  # enough for a daemon that takes the end of a stream for the end of the file
    at = committed(ada, upload.id)
    assert 50_000 <= at < len(data)
    outcome = ada("AudioService/FinishUpload", upload_id=upload.id)
    assert (outcome.code, outcome.reason) == ("FAILED_PRECONDITION", "INCOMPLETE")
    assert ada("AudioService/List").answer.total == 0 and not ada("EventService/List").answer.events
    answer = ada("AudioService/UploadChunks", stream=pieces(upload.id, data, at)).answer
    assert answer.upload.committed_bytes == len(data)
    finished = ada("AudioService/FinishUpload", upload_id=upload.id).answer.audio
    assert finished.sha256 == hashlib.sha256(data).hexdigest()


def test_an_upload_goes_on_after_the_daemon_was_killed(own_daemon, tmp_path, make_sound):
    daemon = own_daemon()
    headers = [("x-api-key", daemon.owner_key)]
    data = make_sound(0, 2.0)
    channel = Channel(daemon.address)
    opened = channel.call(
        "AudioService/CreateUpload", headers, name="a.wav", size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    ).answer.upload  # fmt: skip
    half = pieces(opened.id, data)[:2]
    assert (
        channel.call("AudioService/UploadChunks", headers, stream=half).answer.upload.committed_bytes
        == 131_072
    )
    channel.close()
    daemon.kill()
    daemon.start()
    channel = Channel(daemon.address)
    at = channel.call("AudioService/GetUpload", headers, upload_id=opened.id).answer.upload.committed_bytes
    assert at == 131_072
    assert channel.call("AudioService/UploadChunks", headers, stream=pieces(opened.id, data, at)).code == "OK"
    audio = channel.call("AudioService/FinishUpload", headers, upload_id=opened.id).answer.audio
    channel.close()
    daemon.kill()  # what was acknowledged is there, whatever happens next
    daemon.start()
    with Client(daemon.address, key=daemon.owner_key) as client:
        client.sounds.download(audio.id, tmp_path / "again.wav")
        assert (tmp_path / "again.wav").read_bytes() == data


def test_a_disk_that_hangs_keeps_the_daemon_from_ending_for_seconds_only(own_daemon, make_sound):
    orders = {"SAMPLEMIND_TEST": "1", "SAMPLEMIND_FAILPOINT": "blob.synced:sleep600"}
    daemon, data = own_daemon(settings=orders), make_sound(0)
    headers, channel = [("x-api-key", daemon.owner_key)], Channel(daemon.address)
    opened = channel.call(
        "AudioService/CreateUpload", headers, name="a.wav", size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    ).answer.upload  # fmt: skip
    assert channel.call("AudioService/UploadChunks", headers, stream=pieces(opened.id, data)).code == "OK"
    finishing = threading.Thread(
        target=lambda: channel.call("AudioService/FinishUpload", headers, upload_id=opened.id)
    )
    finishing.start()
    time.sleep(1)  # the daemon is in the middle of keeping it
    assert daemon.stop() == 0
    finishing.join()
    channel.close()


def test_other_bytes_than_were_announced_are_refused_and_can_be_sent_again(ada, make_sound):
    data = make_sound(0)
    upload = ada.open_upload(data).upload
    assert ada("AudioService/UploadChunks", stream=pieces(upload.id, bytes(len(data)))).code == "OK"
    outcome = ada("AudioService/FinishUpload", upload_id=upload.id)
    assert (outcome.code, outcome.reason, outcome.fields) == (
        "INVALID_ARGUMENT",
        "DIGEST_MISMATCH",
        ("sha256",),
    )
    assert committed(ada, upload.id) == 0
    assert ada("AudioService/UploadChunks", stream=pieces(upload.id, data)).code == "OK"
    assert ada("AudioService/FinishUpload", upload_id=upload.id).code == "OK"


def test_two_streams_do_not_send_to_one_upload(ada, make_sound, send_slowly):
    data = make_sound(0, 20.0)
    upload = ada.open_upload(data).upload
    send_slowly(upload.id, data)
    deadline = time.monotonic() + 60
    while (at := committed(ada, upload.id)) == 0:
        assert time.monotonic() < deadline
    outcome = ada("AudioService/UploadChunks", stream=pieces(upload.id, data, at))
    assert (outcome.code, outcome.reason) == ("FAILED_PRECONDITION", "STILL_SENDING")


def test_a_stream_without_a_message_or_an_upload_is_refused(ada, make_sound):
    assert ada("AudioService/UploadChunks", stream=[]).reason == "EMPTY_STREAM"
    assert ada("AudioService/UploadChunks", stream=pieces("", b"x")).reason == "UPLOAD_NOT_FOUND"
    upload = ada.open_upload(make_sound(0)).upload
    first, second, *_ = pieces(upload.id, make_sound(0), size=1_000)
    outcome = ada("AudioService/UploadChunks", stream=[first, b"\xff\xff", second])
    assert outcome.reason == "UNREADABLE" and committed(ada, upload.id) == 1_000


def test_the_largest_upload_is_said_and_held_to(ada):
    most = ada("StatusService/GetInfo").answer.max_upload_bytes
    about = {"name": "a.wav", "sha256": "a" * 64}
    assert ada("AudioService/CreateUpload", size_bytes=most, **about).code == "OK"
    outcome = ada("AudioService/CreateUpload", size_bytes=most + 1, **about)
    assert (outcome.reason, outcome.fields) == ("TOO_LARGE", ("size_bytes",))


def test_a_file_comes_in_through_the_client_and_out_again(daemon, ada, tmp_path, make_sound):
    (tmp_path / "in.wav").write_bytes(make_sound(0, 30.0))
    _, headers = ada.make_key()
    with Client(daemon.address, key=dict(headers)["x-api-key"]) as client:
        sound = client.upload(tmp_path / "in.wav")
        client.sounds.download(sound.id, tmp_path / "out.wav")
    assert (tmp_path / "out.wav").read_bytes() == (tmp_path / "in.wav").read_bytes()
