"""Where an account is signed in, from Python and from the command line."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from commanding import COMMAND, objects
from raw_calls import PASSWORD

from samplemind_client import AsyncClient, Client, SampleMindError


@pytest.fixture
def email(daemon):
    """The address of an account that nobody is signed in to."""
    address = f"{uuid4().hex[:12]}@example.org"
    with Client(daemon.address) as client:
        client.auth.register(address, PASSWORD)
    return address


@pytest.fixture
def sign_in(daemon, email):
    """Makes clients that are signed in to the account."""
    made = []

    def sign_in():
        made.append(Client(daemon.address))
        made[-1].auth.login(email, PASSWORD)
        return made[-1]

    yield sign_in
    for client in made:
        client.close()


@pytest.fixture
def run(daemon, email, tmp_path):
    """Runs the command, signed in to the account in a session of its own."""
    homes = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "SAMPLEMIND_HOME": str(tmp_path / "none")}

    def run(*words, input=None):
        command = [*COMMAND, *words]
        env = os.environ | homes
        return subprocess.run(command, env=env, input=input, capture_output=True, timeout=60, check=False)

    assert run("login", email, "--server", daemon.address, input=f"{PASSWORD}\n".encode()).returncode == 0
    return run


def test_a_user_sees_where_the_account_is_signed_in_and_ends_what_is_not_known(sign_in):
    other, mine = sign_in(), sign_in()
    own, strange = mine.auth.sessions()
    assert own.current and not strange.current and own.created_at >= strange.created_at
    assert own.user_agent.startswith("samplemind-python ") and own.place == "127.0.0.1"
    assert datetime.now(UTC) - own.last_used_at < timedelta(minutes=5) < own.expires_at - own.created_at
    mine.auth.end_session(strange.id)
    with pytest.raises(SampleMindError) as refused:
        other.auth.me()
    assert refused.value.code == "UNAUTHENTICATED"
    assert [session.id for session in mine.auth.sessions()] == [own.id]
    with pytest.raises(SampleMindError) as refused:
        mine.auth.end_session(strange.id)
    assert (refused.value.code, refused.value.reason) == ("NOT_FOUND", "SESSION_NOT_FOUND")


async def test_an_awaiting_client_says_the_same(daemon, email):
    async with AsyncClient(daemon.address) as client, AsyncClient(daemon.address) as other:
        await client.auth.login(email, PASSWORD)
        await other.auth.login(email, PASSWORD)
        [strange] = [session.id async for session in client.auth.sessions() if not session.current]
        await client.auth.end_session(strange)
        with pytest.raises(SampleMindError):
            await other.auth.me()


def test_the_command_lists_sessions_and_ends_them_by_how_their_ids_begin(run, sign_in):
    other = sign_in()
    strange, own = objects(run("sessions", "--json"))
    assert own["current"] and not strange["current"] and own["place"] == "127.0.0.1"
    head, first, second = run("sessions").stdout.decode().splitlines()
    assert head.startswith("ID ") and first.startswith(strange["id"][:8]) and second.endswith("(this one)")
    [ended] = objects(run("sessions", "end", strange["id"][:8], "--json"))
    assert (ended["id"], ended["status"]) == (strange["id"], "ended")
    with pytest.raises(SampleMindError):
        other.auth.me()
    for wrong in (strange["id"], own["id"][:3], ""):
        assert run("sessions", "end", wrong).returncode == 1, wrong
    assert [one["id"] for one in objects(run("sessions", "--json"))] == [own["id"]]
    assert run("sessions", "end", own["id"]).returncode == 0
    assert run("sessions").returncode == 3
