"""Calls in gRPC-Web are the calls of gRPC: answered, refused, streamed, cancelled and bounded alike."""

import time
import zlib
from itertools import pairwise

import pytest
from browsing import PROTO, Browser, frame, frames, outcome
from raw_calls import PASSWORD, RPCS, SECONDS, message_of

INFO = "/samplemind.v1.StatusService/GetInfo"


def wait(until, seconds=SECONDS):
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def bad(page, body, path=INFO, **headers):
    """How a body that is no call is answered."""
    got = page.ask(path, "POST", body, {"Content-Type": PROTO, **headers})
    return outcome("StatusService/GetInfo", frames(got.body), got.headers)


def test_every_call_is_answered_by_the_door_as_by_grpc(page, ada):
    for rpc, declared in RPCS.items():
        if declared.client_streaming or declared.server_streaming or rpc.startswith("AuthService/"):
            continue
        ours, theirs = page.call(rpc), ada(rpc)
        assert (ours.code, ours.reason, ours.fields) == (theirs.code, theirs.reason, theirs.fields), rpc


def test_a_refusal_says_its_reason_its_fields_and_its_sentence(page, ada):
    ours = page.call("AudioService/CreateUpload", name="", size_bytes=0, sha256="é")
    theirs = ada("AudioService/CreateUpload", name="", size_bytes=0, sha256="é")
    assert (ours.code, ours.reason) == ("INVALID_ARGUMENT", "INVALID_UPLOAD")
    assert (ours.message, ours.fields, ours.domain) == (theirs.message, theirs.fields, "samplemind")
    found = page.call("AudioService/Get", audio_id="naïve “sound” 100 %")
    assert found.message == "There is no sound 'naïve “sound” 100 %'."


def test_who_has_not_signed_in_is_told_so_by_every_call_that_is_not_open(browser):
    for rpc in RPCS:
        if rpc in (
            "AuthService/Register",
            "AuthService/Login",
            "AuthService/Refresh",
            "StatusService/GetInfo",
        ):
            continue
        assert browser.call(rpc).reason == "UNAUTHENTICATED", rpc


def test_the_limits_are_told_with_every_answer(page):
    answered = dict(page.call("AudioService/List").headers)
    assert {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"} <= answered.keys()
    stream = page.stream("EventService/Subscribe")
    assert "ratelimit-remaining" in stream.headers
    stream.close()


def test_a_stream_answers_at_once_and_passes_each_heartbeat_on(page):
    began = time.monotonic()
    stream = page.stream("EventService/Subscribe")
    headers = time.monotonic() - began
    heard, times = iter(stream), []
    for _ in range(4):
        next(heard)
        times.append(time.monotonic())
    stream.close()
    gaps = [after - before for before, after in pairwise(times)]
    print(f"headers after {headers * 1e3:.0f} ms, heartbeats {[round(gap, 2) for gap in gaps]} s apart")
    assert headers < 5 and max(gaps) < 5 and min(gaps) > 0.05  # one by one, not in a heap


def test_an_answer_is_sent_when_it_is_there_and_not_with_the_next_one(page):
    """Where small packets wait for others, every answer takes 40 ms: then the quickest of many does, too."""
    path, method, body, told = page._post("AuthService/GetMe", None, {"Cookie": ""}, {})
    connection, times = page._connect(), []
    for _ in range(30):
        began = time.monotonic()
        connection.request(method, path, body, told)
        assert connection.getresponse().read()
        times.append(time.monotonic() - began)
    connection.close()
    print(f"an answer on an open connection after {min(times) * 1e3:.1f} ms at best")
    assert min(times) < 0.03


def test_a_page_that_leaves_ends_its_stream_in_the_daemon(page, ada):
    def followers():
        return ada("StatusService/GetStatus").answer.subscribers

    before = followers()
    streams = [
        page.stream("EventService/Subscribe") for _ in range(60)
    ]  # more than a connection has room for
    wait(lambda: followers() == before + 60)
    assert page.call("AuthService/GetMe").code == "OK"
    began = time.monotonic()
    for stream in streams:
        stream.close()
    wait(lambda: followers() == before)
    print(f"60 streams ended {time.monotonic() - began:.2f} s after their pages left")


def test_a_deadline_ends_the_call_and_a_bad_one_is_none(page):
    stream = page.stream("EventService/Subscribe", {"Grpc-Timeout": "300m"})
    list(stream)
    assert stream.ended.code == "DEADLINE_EXCEEDED"
    for odd in ("", "-1S", "1", "9" * 40 + "S", "1W"):
        assert page.call("AuthService/GetMe", {"Grpc-Timeout": odd}).code == "OK"


def test_a_stream_ends_as_the_daemon_says(page, ada):
    stream = page.stream("EventService/Subscribe", cursor="nonsense")
    assert list(stream) == [] and stream.ended.code == "INVALID_ARGUMENT" and stream.ended.reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\0\0\0\0", "UNREADABLE"),
        (frame(b"abc")[:-1], "UNREADABLE"),
        (frame(b"", 0x80) + frame(b""), "UNREADABLE"),
        (frame(b"", 0x40), "UNREADABLE"),
        (frame(zlib.compress(bytes(200 << 20)), 0x01), "UNREADABLE"),
        (b"\0\xff\xff\xff\xff", "MESSAGE_TOO_LARGE"),
        (b"\0\x00\x10\x00\x01", "MESSAGE_TOO_LARGE"),
    ],
)
def test_what_is_no_call_is_refused_with_a_reason(browser, body, reason):
    assert bad(browser, body).reason == reason


def test_a_message_that_is_none_of_its_kind_is_the_callers_mistake(page):
    got = page.call("AudioService/Get", body=frame(b"\xff\xff\xff"))
    assert (got.code, got.reason) == ("INVALID_ARGUMENT", "UNREADABLE")


def test_the_largest_message_is_taken(page):
    body = message_of("AudioService/Get", audio_id="x" * ((1 << 20) - 8)).SerializeToString()
    assert page.call("AudioService/Get", body=frame(body)).reason == "AUDIO_NOT_FOUND"


@pytest.mark.parametrize(
    ("path", "method", "kind", "status"),
    [
        (INFO, "POST", "application/json", 415),
        (INFO, "POST", "text/plain", 415),
        (INFO, "POST", "application/grpc", 415),
        (INFO, "GET", PROTO, 405),
        ("/samplemind.v1.StatusService/Get/Info", "POST", PROTO, 404),
        ("/samplemind.v1.StatusService", "POST", PROTO, 404),
        ("/samplemind.v1.", "POST", PROTO, 404),
        ("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "POST", PROTO, 405),
    ],
)
def test_only_calls_are_passed_on(browser, path, method, kind, status):
    got = browser.ask(path, method, frame(b"") if method == "POST" else None, {"Content-Type": kind})
    assert got.status == status


def test_a_call_that_there_is_not_is_not_implemented(browser):
    got = browser.ask("/samplemind.v1.StatusService/Explode", "POST", frame(b""), {"Content-Type": PROTO})
    assert b"grpc-status: 12" in got.body


def register(browser, number, **headers):
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    about = {"email": f"{number}@example.org", "password": PASSWORD}
    return browser.call("AuthService/Register", told, **about)


def test_limits_by_place_are_those_of_the_browser_and_no_header_changes_that(strict):
    browser = Browser(strict.web)
    reasons = [register(browser, number, X_Forwarded_For=f"192.0.2.{number}").reason for number in range(8)]
    assert reasons == [""] * 5 + ["RATE_LIMITED"] * 3


def test_a_proxy_that_is_named_tells_whose_the_calls_are_and_that_they_were_encrypted(strict):
    proxy, about = Browser(strict.web, source="127.0.0.2"), {"Origin": "https://music.example"}
    for number in range(20, 28):
        told = about | {"X_Forwarded_For": f"192.0.2.200, 192.0.2.{number}"}
        assert register(proxy, number, **told).code == "OK"
    about |= {"X-Forwarded-Proto": "https", "Host": "music.example", "X-Forwarded-For": "192.0.2.99"}
    asked = {"password": {"email": "20@example.org", "password": PASSWORD}}
    got = proxy.ask(*proxy._post("AuthService/Login", None, about, asked))
    assert len(got.cookies) == 2
    assert all(one.startswith("__Host-samplemind-") and "; Secure" in one for one in got.cookies)
