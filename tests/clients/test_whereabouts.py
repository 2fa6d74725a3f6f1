"""Which daemon is asked and with what, where the caller does not say."""

import json
import os
import subprocess
import sys

import pytest
from stumbling import tokens

from samplemind_client import CannotReach, SampleMindError
from samplemind_client.line.credential import ApiKey, Nobody, Session
from samplemind_client.line.signin import choose_server, folder, sign_in
from samplemind_client.whereabouts import DEFAULT, find, forget, go_home, signed_in

OWN, OTHER = "127.0.0.1:6001", "sounds.example.org:443"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The home of a daemon that runs here: in this very process, as far as anyone can tell."""
    made = tmp_path / "home"
    made.mkdir()
    (made / "owner.key").write_text("sm_owner\n")
    (made / "ready.json").write_text(json.dumps({"grpc": OWN, "pid": os.getpid()}))
    monkeypatch.setenv("SAMPLEMIND_HOME", str(made))
    return made


async def secret(where):
    [(_, shown)] = await where.credential.headers(None)
    return shown


async def test_on_the_daemons_own_machine_its_owner_is_asked_for_nothing(home):
    where = signed_in()
    assert (where.server, where.source, await secret(where)) == (OWN, "owner", "sm_owner")


@pytest.mark.parametrize("server", [OTHER, "127.0.0.1:6002", "localhost:6001"])
def test_the_owners_key_goes_nowhere_else(home, server):
    where = find(server)
    assert where.server == server and where.source == "nobody" and isinstance(where.credential, Nobody)


def test_the_owners_key_is_not_sent_where_the_daemon_is_no_more(home):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (home / "ready.json").write_text(json.dumps({"grpc": OWN, "pid": gone.pid}))
    assert (find().server, find().source) == (DEFAULT, "nobody")
    with pytest.raises(CannotReach, match="not running"):
        signed_in()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '"ready"', '{"grpc": 1}', '{"pid": "x"}', '{"grpc": "a:1", "pid": -1}']
)
def test_a_ready_file_that_is_none_is_as_no_daemon(home, text):
    (home / "ready.json").write_text(text)
    assert (find().server, find().source) == (DEFAULT, "nobody")


async def test_what_is_said_goes_before_the_environment_and_that_before_the_last_login(home, monkeypatch):
    choose_server(OTHER)
    sign_in(OTHER).keep_key("sm_kept")
    assert (find().server, find().source, await secret(find())) == (OTHER, "login", "sm_kept")
    monkeypatch.setenv("SAMPLEMIND_SERVER", "elsewhere:1")
    monkeypatch.setenv("SAMPLEMIND_KEY", "sm_environment")
    assert (find().server, await secret(find())) == ("elsewhere:1", "sm_environment")
    assert (find("there:2", "sm_said").server, await secret(find("there:2", "sm_said"))) == (
        "there:2",
        "sm_said",
    )


def test_a_session_is_kept_for_each_server_and_only_for_this_user(home):
    sign_in(OTHER).keep_tokens(tokens(1))
    assert isinstance(find(OTHER).credential, Session) and find().source == "owner"
    [kept] = folder().glob("*.json")
    assert kept.stat().st_mode & 0o777 == 0o600 and folder().stat().st_mode & 0o777 == 0o700
    kept.write_text('{"access_token": 1')
    assert find(OTHER).source == "nobody"


def test_forgetting_a_server_goes_back_to_this_machines_own(home):
    choose_server(OTHER)
    sign_in(OTHER).keep_key("sm_kept")
    forget(OTHER)
    assert (find().server, find().source) == (OWN, "owner") and find(OTHER).source == "nobody"


def test_going_home_is_being_its_owner_again(home):
    choose_server(OTHER)
    sign_in(OWN).keep_tokens(tokens(1))
    go_home()
    assert (find().server, find().source) == (OWN, "owner")


def test_who_is_nobody_is_told_what_to_do(home):
    with pytest.raises(SampleMindError, match="samplemind login") as caught:
        signed_in(OTHER)
    assert caught.value.reason == "NOT_SIGNED_IN" and isinstance(find(OTHER, "sm_x").credential, ApiKey)
