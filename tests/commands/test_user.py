"""The owner of the machine marks accounts and keeps them out, while the daemon runs."""

import json
import subprocess
import sys
import time

import pytest
from raw_calls import Channel, Person


def user(home, *command):
    """Run `samplemindd user` on a home."""
    whole = [sys.executable, "-m", "samplemind_daemon", "user", *command, "--home", str(home)]
    return subprocess.run(whole, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def person(daemon):
    channel = Channel(daemon.address)
    yield Person(channel)
    channel.close()


def test_a_mark_is_seen_by_the_next_call_and_taken_away_again(daemon, person):
    done = user(daemon.home, "mark", person.email, "beta", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["marks"] == ["beta"]
    assert list(person("AuthService/GetMe").answer.user.marks) == ["beta"]
    assert user(daemon.home, "unmark", person.email, "beta").returncode == 0
    assert list(person("AuthService/GetMe").answer.user.marks) == []


def test_whoever_is_disabled_is_refused_at_once_his_streams_end_and_he_can_be_let_in_again(daemon, person):
    _, key = person.make_key()
    stream = person.channel._channel.unary_stream("/samplemind.v1.EventService/Subscribe")
    following = stream(b"", metadata=person.headers, timeout=20)
    next(following)
    assert user(daemon.home, "disable", person.email.upper()).returncode == 0
    told = time.monotonic()
    assert person("AuthService/GetMe").code == "UNAUTHENTICATED"
    assert person.channel.call("AuthService/GetMe", key).code == "UNAUTHENTICATED"
    with pytest.raises(Exception, match="No valid credentials"):
        for _ in following:
            pass
    assert time.monotonic() - told < 5
    assert user(daemon.home, "enable", person.email).returncode == 0
    assert person("AuthService/GetMe").code == "OK"


def test_accounts_are_listed_and_what_cannot_be_done_is_said(daemon, person, tmp_path):
    listed = [json.loads(line) for line in user(daemon.home, "list", "--json").stdout.splitlines()]
    assert listed[0]["role"] == "owner" and person.email in {one["email"] for one in listed}
    nobody = user(daemon.home, "mark", "nobody@example.org", "beta")
    assert nobody.returncode == 1 and "no account 'nobody@example.org'" in nobody.stderr
    owner = user(daemon.home, "disable", listed[0]["email"])
    assert owner.returncode == 1 and "is the owner" in owner.stderr
    assert user(tmp_path / "none", "list").returncode == 2
    assert not (tmp_path / "none").exists()
