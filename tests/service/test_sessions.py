"""Where an account is signed in, over the wire."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from raw_calls import PASSWORD, Channel

from samplemind.v1 import auth_pb2


@pytest.fixture
def listed():
    """The sessions that somebody is told of, newest first."""
    return lambda person, **asked: list(person("AuthService/ListSessions", **asked).answer.sessions)


def test_a_session_says_when_it_began_and_ends_and_that_it_is_the_callers_own(ada, listed):
    [session] = listed(ada)
    made, used = session.created_at.ToDatetime(UTC), session.last_used_at.ToDatetime(UTC)
    assert session.current and abs(datetime.now(UTC) - made) < timedelta(minutes=5)
    assert timedelta() <= used - made <= timedelta(minutes=5)
    assert session.expires_at == ada.tokens.refresh_expires_at
    assert session.place == "127.0.0.1"


def test_a_session_says_what_the_client_calls_itself(daemon, ada, listed):
    theirs = Channel(daemon.address, ("grpc.primary_user_agent", "companion/1.0"))
    signed_in = theirs.call("AuthService/Login", password={"email": ada.email, "password": PASSWORD})
    theirs.close()
    assert signed_in.code == "OK"
    newest, own = listed(ada)
    assert newest.user_agent.startswith("companion/1.0 grpc-python") and not newest.current
    assert own.user_agent.startswith("grpc-python") and own.current


def test_nobody_is_believed_a_place_or_a_client_that_only_the_web_door_may_say(ada, listed):
    said = [("x-forwarded-for", "192.0.2.1"), ("x-forwarded-user-agent", "Mozilla/5.0")]
    password = {"email": ada.email, "password": PASSWORD}
    assert ada.channel.call("AuthService/Login", said, password=password).code == "OK"
    assert {one.place for one in listed(ada)} == {"127.0.0.1"}
    assert all("Mozilla" not in one.user_agent for one in listed(ada))


def test_no_session_is_an_api_keys_own(ada, listed):
    _, ada.headers = ada.make_key()
    assert [session.current for session in listed(ada)] == [False]


def test_a_session_that_began_before_any_of_this_was_kept_says_nothing_of_it(daemon, ada, listed):
    [before] = listed(ada)
    ada.headers = ada.sign_in()
    forget = "UPDATE sessions SET last_used_at = NULL, place = NULL, agent = NULL WHERE id = ?"
    with closing(sqlite3.connect(daemon.home / "samplemind.db")) as db, db:
        db.execute(forget, (before.id,))
    _, old = listed(ada)
    assert old.id == before.id and old.created_at == before.created_at
    assert not any(old.HasField(field) for field in ("last_used_at", "user_agent", "place"))


def test_sessions_come_page_by_page_newest_first(ada, bob, listed):
    for _ in range(4):
        ada.headers = ada.sign_in()
    whole, seen, token = listed(ada), [], ""
    while len(seen) < 5:
        page = ada("AuthService/ListSessions", page_size=2, page_token=token).answer
        seen += page.sessions
        token = page.next_page_token
        if not token:
            break
        assert bob("AuthService/ListSessions", page_token=token).reason == "INVALID_PAGE_TOKEN"
    assert [one.id for one in seen] == [one.id for one in whole] and token == "" and len(whole) == 5
    times = [one.created_at.ToNanoseconds() for one in whole]
    assert times == sorted(times, reverse=True) and whole[0].current


def test_an_ended_session_can_neither_call_nor_refresh_nor_be_ended_twice(ada, listed):
    stolen, tokens = ada.sign_in(), ada.tokens
    id = next(one.id for one in listed(ada) if not one.current)
    assert ada("AuthService/RevokeSession", session_id=id).code == "OK"
    assert ada.channel.call("AuthService/GetMe", stolen).code == "UNAUTHENTICATED"
    refreshed = ada.channel.call("AuthService/Refresh", refresh_token=tokens.refresh_token)
    assert refreshed.code == "UNAUTHENTICATED"
    again = ada("AuthService/RevokeSession", session_id=id)
    assert (again.code, again.reason) == ("NOT_FOUND", "SESSION_NOT_FOUND")
    assert [one.current for one in listed(ada)] == [True]


def test_a_retried_request_to_end_a_session_is_answered_as_the_first_one(ada, listed):
    ada.sign_in()
    asked = {"session_id": listed(ada)[0].id, "request_id": str(uuid4())}
    outcomes = [ada("AuthService/RevokeSession", **asked).code for _ in range(3)]
    assert outcomes == ["OK"] * 3 and len(listed(ada)) == 1


def test_a_member_cannot_end_anothers_session_nor_can_the_owner(ada, bob, listed, channel, owner_headers):
    [hers] = listed(ada)
    assert bob("AuthService/RevokeSession", session_id=hers.id).reason == "SESSION_NOT_FOUND"
    owners = channel.call("AuthService/RevokeSession", owner_headers, session_id=hers.id)
    assert owners.reason == "SESSION_NOT_FOUND"
    assert ada("AuthService/GetMe").code == "OK"


def test_ending_ones_own_session_is_signing_out(ada, listed):
    [own] = listed(ada)
    assert ada("AuthService/RevokeSession", session_id=own.id).code == "OK"
    assert ada("AuthService/GetMe").code == "UNAUTHENTICATED"


@pytest.mark.parametrize("scope", [auth_pb2.SCOPE_READ, auth_pb2.SCOPE_ANALYZE])
def test_a_key_that_does_not_administer_puts_nobody_out(ada, listed, scope):
    [own], (_, key) = listed(ada), ada.make_key(scope)
    for rpc, asked in (("ListSessions", {}), ("RevokeSession", {"session_id": own.id})):
        assert ada.channel.call(f"AuthService/{rpc}", key, **asked).reason == "SCOPE_TOO_SMALL"
