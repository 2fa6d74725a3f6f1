"""Who calls too much waits, as long as told; who only uses what is his never notices."""

import time
from contextlib import ExitStack
from uuid import uuid4

import pytest
from daemon_process import DaemonProcess
from raw_calls import PASSWORD, Channel, Person, pieces

from samplemind_daemon.refusals import Exhausted
from samplemind_daemon.service.crowd import MOST_OF_ONE, Crowd
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
    spent_by(person, name="b", scope=1)
    for rpc in ("AuthService/GetMe", "StatusService/GetStatus", "StatusService/GetInfo"):
        assert person(rpc).code == "OK", rpc
    assert person("AudioService/UploadChunks", stream=pieces("x", b"y")).reason == "UPLOAD_NOT_FOUND"
    assert person("AuthService/RevokeApiKey", api_key_id=key).code == "OK"


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
    crowd, running = Crowd(), ExitStack()
    for _ in range(MOST_OF_ONE):
        running.enter_context(crowd.one("ada"))
    with pytest.raises(Exhausted) as refused, crowd.one("ada"):
        pass
    assert refused.value.retry_seconds > 0
    with crowd.one("bob"):
        running.close()
    with crowd.one("ada"):
        assert MOST_OF_ONE < MOST_CALLS / 2
