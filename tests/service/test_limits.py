"""Who calls too much waits, as long as told; who only uses what is his never notices."""

import time
from contextlib import ExitStack
from uuid import uuid4

import pytest
from daemon_process import DaemonProcess
from raw_calls import PASSWORD, Channel, Person, pieces

from samplemind_daemon.refusals import Exhausted
from samplemind_daemon.service import crowd
from samplemind_daemon.service.crowd import Crowd
from samplemind_daemon.service.server import MOST_CALLS

LIMITS = {"SAMPLEMIND_CALLS_A_MINUTE": "20", "SAMPLEMIND_CALLS_AN_HOUR": "500"}


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """A daemon that takes twenty calls a minute."""
    process = DaemonProcess(tmp_path_factory.mktemp("strict") / "home", settings=LIMITS).start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def people(strict):
    """Some who have signed in while that could be done."""
    channel = Channel(strict.address)
    yield iter([Person(channel) for _ in range(5)])
    channel.close()


@pytest.fixture
def person(people):
    """Somebody who has spent nothing yet."""
    return next(people)


def spent_by(person, rpc="AuthService/CreateApiKey", **given):
    """Call until it is refused: how many calls were taken, and the refusal."""
    for taken in range(100):
        outcome = person(rpc, **given)
        if outcome.reason == "RATE_LIMITED":
            return taken, outcome
    raise AssertionError("it was never refused")


def test_an_answer_says_the_limit_and_what_is_left_and_a_refusal_when_to_come_back(person):
    answered = dict(person("AuthService/CreateApiKey", name="a", scope=1).headers)
    assert (answered["ratelimit-limit"], answered["ratelimit-remaining"]) == ("20", "19")
    assert 0 < int(answered["ratelimit-reset"]) <= 65
    taken, refused = spent_by(person, name="b", scope=1)
    assert taken == 19 and refused.code == "RESOURCE_EXHAUSTED"
    assert 0 < refused.retry_seconds <= 65
    assert dict(refused.facts) == {"limit": "20", "remaining": "0", "seconds": "60"}


def test_whoever_brings_very_many_sounds_is_not_kept_out(person, make_sound):
    sha256 = "{:064x}"
    for number in range(200):
        outcome = person(
            "AudioService/CreateUpload", name="a.wav", size_bytes=9, sha256=sha256.format(number)
        )
        assert outcome.reason in ("", "TOO_MANY_UPLOADS"), outcome  # a quota of its own
    assert person("AudioService/List").code == "OK"


def test_the_limit_keeps_nobody_from_looking_sending_or_revoking(person, make_sound):
    key = person("AuthService/CreateApiKey", name="stolen", scope=3).answer.api_key.id
    person.sign_in()
    session = person("AuthService/ListSessions").answer.sessions[0].id
    spent_by(person, name="b", scope=1)
    for rpc in ("AuthService/GetMe", "StatusService/GetStatus", "StatusService/GetInfo"):
        assert person(rpc).code == "OK", rpc
    assert person("AudioService/UploadChunks", stream=pieces("x", b"y")).reason == "UPLOAD_NOT_FOUND"
    assert person("AuthService/RevokeApiKey", api_key_id=key).code == "OK"
    assert person("AuthService/RevokeSession", session_id=session).code == "OK"


def test_what_was_spent_outlives_a_kill(strict, person):
    spent_by(person, name="a", scope=1)
    time.sleep(1.5)
    strict.kill()
    strict.start()
    assert person("AuthService/CreateApiKey", name="a", scope=1).reason == "RATE_LIMITED"


def test_wrong_credentials_cost_their_address_a_little_each(strict, people):
    channel = Channel(strict.address)

    def left():
        about = {"email": f"{uuid4().hex}@example.org", "password": PASSWORD}
        return int(dict(channel.call("AuthService/Register", **about).headers)["ratelimit-remaining"])

    before = left()
    for _ in range(300):
        wrong = [("authorization", "Bearer garbage")]
        assert channel.call("AuthService/GetMe", wrong).reason == "UNAUTHENTICATED"
    assert before - left() == 3 + 1
    channel.close()


def test_signing_in_is_limited_by_address_and_whoever_is_in_stays_in(strict, person):
    channel = Channel(strict.address)

    def sign_in(rpc, **given):
        return channel.call(rpc, **given)

    taken, refused = spent_by(sign_in, "AuthService/Login", one_time_code="none such")
    assert taken <= 10 and refused.retry_seconds > 0
    about = {"email": "ada@example.org", "password": "not of interest"}
    assert channel.call("AuthService/Register", **about).reason == "RATE_LIMITED"
    assert person("AuthService/CreateApiKey", name="a", scope=1).code == "OK"
    channel.close()


def test_nobody_runs_so_many_calls_at_a_time_that_none_are_left_for_others():
    calls, running = Crowd(3, "calls", most_of_all=4), ExitStack()
    for _ in range(3):
        running.enter_context(calls.one("ada"))
    with pytest.raises(Exhausted) as refused, calls.one("ada"):
        pass
    assert refused.value.reason == "TOO_MANY_CALLS" and refused.value.retry_seconds > 0
    running.enter_context(calls.one("bob"))
    with pytest.raises(Exhausted, match="of all users") as refused, calls.one("eve"):
        pass
    assert refused.value.reason == "TOO_MANY_CALLS" and refused.value.retry_seconds > 0
    running.close()
    with calls.one("eve"), calls.one("ada"):
        pass


def test_what_each_may_run_leaves_room_for_others_and_all_of_it_is_below_what_the_server_takes():
    of_one = crowd.MOST_CALLS, crowd.MOST_UPLOADS, crowd.MOST_STREAMS
    of_all = crowd.MOST_CALLS_OF_ALL, crowd.MOST_UPLOADS_OF_ALL, crowd.MOST_STREAMS_OF_ALL
    assert all(one <= all_ / 2 for one, all_ in zip(of_one, of_all, strict=True))
    assert sum(of_all) <= MOST_CALLS
