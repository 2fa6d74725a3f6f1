"""Flags are shown and set from the command line and from Python, while the daemon runs."""

import subprocess

import pytest
from commanding import COMMAND, objects

from samplemind_client import Client, SampleMindError


@pytest.fixture
def run(daemon):
    def run(*command):
        return subprocess.run(
            [*COMMAND, "flags", *command], env=daemon.environment, capture_output=True, text=True, timeout=60
        )

    return run


def test_a_flag_is_set_for_a_share_for_a_user_and_back_and_tells_who_did_it(run, daemon):
    with Client(daemon.address, key=daemon.owner_key) as client:
        me = client.auth.me().user
    try:
        assert objects(run("set", "genre", "25%", "--json"))[0]["audience"] == "share"
        assert "25 %" in next(line for line in run().stdout.splitlines() if line.startswith("genre "))
        assert run("override", "genre", me.email, "off").returncode == 0
        assert objects(run("check", "genre", "--json")) == [{"flag": "genre", "enabled": False}]
        [told] = objects(run("show", "genre", "--json"))
        assert told["by_name"] == [{"user_id": me.id, "email": me.email, "enabled": False}]
        assert [(one["author_id"], one["after"]) for one in told["changes"][:2]] == [
            (me.id, "off"),
            (me.id, "25 %"),
        ]
        assert f"by user {me.id}" in run("show", "genre").stdout
    finally:
        assert run("clear", "genre", me.email).returncode == 0
        assert run("set", "genre", "on").returncode == 0
    assert objects(run("check", "genre", "--json"))[0]["enabled"]


def test_what_is_no_flag_or_no_audience_is_said(run):
    wrong = run("set", "genre", "101%")
    assert wrong.returncode == 2 and "is not on, off, beta, premium or a share" in wrong.stderr
    unknown = run("set", "no-such-flag", "on")
    assert unknown.returncode == 1 and "There is no flag 'no-such-flag'" in unknown.stderr


def test_python_asks_for_flags_too(daemon):
    with Client(daemon.address, key=daemon.owner_key) as client:
        assert len(client.flags.list()) == 20
        assert client.flags.get("mood").flag.audience == "all"
        try:
            assert client.flags.set("mood", "beta").audience == "beta"
            assert client.flags.evaluate(["mood"]) == {"mood": False}
        finally:
            client.flags.set("mood", "all")
        with pytest.raises(SampleMindError, match="no flag"):
            client.flags.evaluate(["no such"])
