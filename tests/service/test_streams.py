"""Streams over the wire: events without a gap, and an end when the credential ends."""

import time
from datetime import UTC, datetime, timedelta

import grpc
import jwt
import pytest
from raw_calls import SECONDS, Channel, message_of
from subscription import Subscription

from samplemind_client import Client
from samplemind_daemon.access.signing import signing_key


@pytest.fixture
def subscribe(daemon):
    opened = []

    def subscribe(headers, address=daemon.address, **asked):
        opened.append(Subscription(address, headers, **asked))
        return opened[-1]

    yield subscribe
    for one in opened:
        one.close()


def short_lived(daemon, ada, seconds):
    """A token of ada's session that ends soon, and the five seconds of leeway with it."""
    claims = jwt.decode(ada.tokens.access_token, options={"verify_signature": False})
    key, ends = signing_key(daemon.home / "signing.key"), datetime.now(UTC) + timedelta(seconds=seconds - 5)
    claims |= {"iat": claims["iat"] - 60, "exp": int(ends.timestamp())}
    token = jwt.encode(claims, key.private, algorithm="EdDSA", headers={"typ": "at+jwt", "kid": key.id})
    return [("authorization", f"Bearer {token}")]


def _log_out(ada, headers):
    ada.channel.call("AuthService/Logout", headers)


def test_what_happens_comes_at_once_and_in_order(ada, subscribe, make_sound):
    stream = subscribe(ada.headers)
    assert not stream.messages[0].HasField("event") and stream.messages[0].cursor
    audio = ada.upload(make_sound(0))
    stream.wait(lambda: len(stream.events) >= 4)
    assert [event.kind for event in stream.events[:4]] == [
        "audio.added", "audio.queued", "audio.processing", "audio.completed",
    ]  # fmt: skip
    assert all(event.audio_id == audio.id and event.name == "sound.wav" for event in stream.events)
    assert [message.cursor for message in stream.messages if message.HasField("event")] == [
        event.cursor for event in stream.events
    ]


def test_a_quiet_stream_beats(ada, subscribe):
    stream = subscribe(ada.headers)
    stream.wait(lambda: len(stream.messages) >= 3)
    assert not stream.events and stream.ended is None


def test_a_kept_event_comes_to_whoever_asks_for_all(ada, bob, subscribe, make_sound):
    ada.upload(make_sound(0))
    stream, other = (
        subscribe(ada.headers, cursor="0", kinds=["audio.added"]),
        subscribe(bob.headers, cursor="0"),
    )
    stream.wait(lambda: stream.events)
    other.wait(lambda: len(other.messages) >= 3)
    assert [event.kind for event in stream.events] == ["audio.added"] and not other.events


def test_a_stream_ends_within_five_seconds_of_its_session(ada, subscribe):
    stream = subscribe(ada.headers)
    stays = subscribe(ada.sign_in())
    ended = time.monotonic()
    _log_out(ada, stream_headers := ada.headers)
    stream.wait(lambda: stream.ended, 8)
    assert (stream.ended.code, stream.ended.domain) == ("UNAUTHENTICATED", "samplemind")
    assert stream.at - ended < 5 and stays.ended is None
    assert subscribe(stream_headers).ended.code == "UNAUTHENTICATED"


def test_a_stream_ends_within_five_seconds_of_its_session_being_revoked_from_elsewhere(ada, subscribe):
    elsewhere = ada.sign_in()
    stream, stays = subscribe(elsewhere), subscribe(ada.headers)
    listed = ada("AuthService/ListSessions").answer.sessions
    [id] = [session.id for session in listed if not session.current]
    ended = time.monotonic()
    assert ada("AuthService/RevokeSession", session_id=id).code == "OK"
    assert ada.channel.call("AuthService/GetMe", elsewhere).code == "UNAUTHENTICATED", "calls end at once"
    stream.wait(lambda: stream.ended, 8)
    assert (stream.ended.code, stream.ended.domain) == ("UNAUTHENTICATED", "samplemind")
    assert stream.at - ended < 5 and stays.ended is None


def test_a_stream_ends_within_five_seconds_of_its_key(ada, subscribe):
    key, headers = ada.make_key()
    stream, ended = subscribe(headers), time.monotonic()
    assert ada("AuthService/RevokeApiKey", api_key_id=key).code == "OK"
    stream.wait(lambda: stream.ended, 8)
    assert stream.ended.code == "UNAUTHENTICATED" and stream.at - ended < 5


def test_a_stream_ends_within_five_seconds_of_its_token_and_goes_on_with_a_new_one(
    daemon, ada, subscribe, make_sound
):
    stream = subscribe(short_lived(daemon, ada, 2))
    ends = time.monotonic() + 2
    stream.wait(lambda: stream.ended, 12)
    assert stream.ended.code == "UNAUTHENTICATED" and stream.at - ends < 5
    audio = ada.upload(make_sound(0))
    again = subscribe(ada.sign_in(), cursor=stream.messages[-1].cursor)
    again.wait(lambda: again.events)
    assert (again.events[0].kind, again.events[0].audio_id) == ("audio.added", audio.id)


def test_an_upload_does_not_outlive_its_session(ada, make_sound):
    headers = ada.headers
    ada.headers = ada.sign_in()
    upload = ada.open_upload(make_sound(0)).upload

    def slowly():
        yield message_of("AudioService/UploadChunks", upload_id=upload.id, data=b"R")
        _log_out(ada, headers)
        time.sleep(10)

    start = time.monotonic()
    assert ada.channel.call("AudioService/UploadChunks", headers, stream=slowly()).code == "UNAUTHENTICATED"
    assert time.monotonic() - start < 6


def test_events_outlive_the_daemon_without_a_gap(own_daemon, tmp_path, make_sound):
    daemon = own_daemon()
    sounds = []
    for seed in range(8):
        sounds.append(tmp_path / f"{seed}.wav")
        sounds[-1].write_bytes(make_sound(seed))
    headers, seen, cursor = [("x-api-key", daemon.owner_key)], [], "0"
    for end in (daemon.stop, daemon.kill, daemon.stop, daemon.kill):
        with Client(daemon.address, key=daemon.owner_key) as client:
            stream = Subscription(daemon.address, headers, cursor=cursor)
            for _ in range(2):
                client.upload(sounds.pop())
            stream.wait(lambda now=stream: len(now.events) >= 3)
            end()  # in the middle of the work
            stream.wait(lambda now=stream: now.ended)
            seen += stream.events
            cursor = stream.messages[-1].cursor
            stream.close()
        daemon.start()
    stream = Subscription(daemon.address, headers, cursor=cursor)
    stream.wait(lambda: [e.kind for e in seen + stream.events].count("audio.completed") >= 8, 60)
    seen += stream.events
    stream.close()
    numbers = [int(event.cursor.partition(".")[0]) for event in seen]
    assert numbers == list(range(1, len(seen) + 1))
    completed = [event.audio_id for event in seen if event.kind == "audio.completed"]
    assert len(completed) == len(set(completed)) == 8


def test_a_stream_ends_with_the_daemon_and_says_so(own_daemon):
    daemon = own_daemon()
    stream = Subscription(daemon.address, [("x-api-key", daemon.owner_key)])
    start = time.monotonic()
    assert daemon.stop() == 0
    stream.wait(lambda: stream.ended)
    stream.close()
    assert (stream.ended.code, stream.ended.reason) == ("UNAVAILABLE", "GOING_DOWN")
    assert time.monotonic() - start < 10


def test_a_subscriber_that_is_gone_is_counted_no_more(daemon, ada):
    def count():
        return ada("StatusService/GetStatus").answer.subscribers

    before = count()
    streams = [Subscription(daemon.address, ada.headers) for _ in range(5)]
    assert count() == before + 5
    for stream in streams:
        stream.close()
    streams[0].wait(lambda: count() == before)


def test_a_stream_ends_at_its_callers_deadline_and_so_does_its_work(daemon, ada):
    before = ada("StatusService/GetStatus").answer.subscribers
    streams = [Subscription(daemon.address, ada.headers, timeout=1.0) for _ in range(20)]
    for stream in streams:
        stream.wait(lambda stream=stream: stream.ended, 5)
        assert stream.ended.code == "DEADLINE_EXCEEDED"
    last = max(stream.at for stream in streams)
    streams[0].wait(lambda: ada("StatusService/GetStatus").answer.subscribers == before)
    assert time.monotonic() - last < 1.5


def test_health_and_reflection_answer_without_a_credential(daemon):
    from grpc_health.v1 import health_pb2, health_pb2_grpc
    from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

    with grpc.insecure_channel(daemon.address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        serving = health_pb2.HealthCheckResponse.SERVING
        assert health.Check(health_pb2.HealthCheckRequest()).status == serving
        request = health_pb2.HealthCheckRequest(service="samplemind.v1.AudioService")
        assert health.Check(request).status == serving
        watching = health.Watch(health_pb2.HealthCheckRequest(), timeout=SECONDS)
        assert next(watching).status == serving
        watching.cancel()
        known = ProtoReflectionDescriptorDatabase(channel)
        services = set(known.get_services())
        assert {f"samplemind.v1.{name}Service" for name in ("Auth", "Audio", "Event", "Status")} <= services
        assert "Subscribe" in str(known.FindFileContainingSymbol("samplemind.v1.EventService"))
    channel = Channel(daemon.address)
    assert channel.call("StatusService/GetInfo").answer.api == "samplemind.v1"
    channel.close()
