"""Every rpc there is, called by everyone who might call it: each is told what is right, and no more."""

import base64
import json
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from raw_calls import RPCS, Person

from samplemind.v1 import auth_pb2
from samplemind_daemon.access.remembered import LIFE
from samplemind_daemon.access.signing import signing_key
from samplemind_daemon.service import rules

OPEN = {"AuthService/Register", "AuthService/Login", "AuthService/Refresh", "StatusService/GetInfo"}
READING = {
    "AuthService/GetMe", "AuthService/Logout", "StatusService/GetStatus",
    "AudioService/Get", "AudioService/List", "AudioService/GetUpload", "AudioService/Download",
    "AnalysisService/GetAnalysis", "AnalysisService/ListAnalyses",
    "EventService/Subscribe", "EventService/List", "WatchService/Get", "WatchService/List",
    "PluginService/List", "PluginService/Get", "FlagService/Evaluate",
    "LibraryService/Query", "LibraryService/Duplicates", "LibraryService/Similar", "LibraryService/Compatible",
    "LibraryService/PreviewReanalyze", "LibraryService/Export",
}  # fmt: skip
OWNERS = {
    "WatchService/Create", "PluginService/Enable", "PluginService/Disable", "PluginService/Configure",
    "FlagService/List", "FlagService/Get",
    "FlagService/Set", "FlagService/SetOverride", "FlagService/ClearOverride",
}  # fmt: skip
ADMINS = OWNERS | {
    "AuthService/ChangePassword", "AuthService/CreateApiKey", "AuthService/ListApiKeys", "AuthService/RevokeApiKey",
    "AuthService/ListSessions", "AuthService/RevokeSession",
    "LibraryService/PreviewWrite", "LibraryService/ApplyWrite", "LibraryService/UndoWrite",
    "WatchService/Update", "WatchService/Delete", "WatchService/Pause", "WatchService/Resume", "WatchService/Scan",
}  # fmt: skip
CLOSED = sorted(set(RPCS) - OPEN)
OTHERWISE_RIGHT = {"AudioService/Update": {"name": "mine.wav"}}  # what makes a request good but for its id


def _token(daemon, claims, header={}, key=None):
    """A token that the daemon's own key signed, unless another is given."""
    ours = signing_key(daemon.home / "signing.key")
    times = {"iat": int(datetime.now(UTC).timestamp()), "jti": str(uuid4())}
    return jwt.encode(
        times | claims,
        key or ours.private,
        algorithm="EdDSA",
        headers={"typ": "at+jwt", "kid": ours.id} | header,
    )


@pytest.fixture
def claims(ada):
    """What ada's token says."""
    return jwt.decode(ada.tokens.access_token, options={"verify_signature": False})


@pytest.fixture
def strangers(daemon, ada, claims):
    """Credentials that are none, by what is wrong with them."""
    past = int((datetime.now(UTC) - timedelta(hours=1)).timestamp())
    ended = ada.sign_in()
    ada.channel.call("AuthService/Logout", ended)
    revoked, key = ada.make_key()
    assert ada("AuthService/RevokeApiKey", api_key_id=revoked).code == "OK"
    header, _, signature = ada.tokens.access_token.split(".")
    swapped = (
        base64.urlsafe_b64encode(json.dumps(claims | {"sub": str(uuid4())}).encode()).decode().rstrip("=")
    )
    bearers = {
        "garbage": "garbage",
        "expired": _token(daemon, claims | {"iat": past - 60, "exp": past}),
        "forged": _token(daemon, claims, key=Ed25519PrivateKey.generate()),
        "for another audience": _token(daemon, claims | {"aud": "other"}),
        "claims swapped": f"{header}.{swapped}.{signature}",
        "a refresh token": ada.tokens.refresh_token,
    }
    ada.headers = ada.sign_in()
    kept_out = Person(ada.channel)
    with sqlite3.connect(daemon.home / "samplemind.db") as db:
        db.execute("UPDATE users SET disabled = 1 WHERE id = ?", (kept_out.id,))
    time.sleep(LIFE.total_seconds())  # what another program changes bites that late
    return {
        "nobody": [],
        "a user who is kept out": kept_out.headers,
        "a key that never was": [("x-api-key", "sm_" + "A" * 43)],
        "a revoked key": key,
        "an ended session": ended,
        "a token and a key": [*ada.headers, *ada.make_key()[1]],
        "two tokens": [*ada.headers, *ada.headers],
    } | {wrong: [("authorization", f"Bearer {token}")] for wrong, token in bearers.items()}


def test_every_rpc_has_one_rule_and_every_rule_an_rpc():
    ruled = {name.removeprefix("/samplemind.v1.") for name in rules.SCOPES}
    opened = {name.removeprefix("/samplemind.v1.") for name in rules.OPEN if "samplemind" in name}
    assert ruled == set(CLOSED) and opened == OPEN
    assert {name.removeprefix("/samplemind.v1.") for name in rules.OWNERS} == OWNERS
    assert (READING | ADMINS) - set(RPCS) == set()


def test_whoever_has_no_valid_credential_is_told_the_same_by_every_rpc(channel, strangers):
    said = {}
    for rpc in CLOSED:
        for wrong, headers in strangers.items():
            outcome = channel.call(rpc, headers)
            assert outcome.code == "UNAUTHENTICATED", (rpc, wrong, outcome)
            said.setdefault((outcome.reason, outcome.message, outcome.domain), (rpc, wrong))
    assert len(said) == 1 and next(iter(said))[2] == "samplemind", said


def test_the_open_rpcs_ask_nobody_who_calls(channel, strangers):
    right = {
        "AuthService/Register": "INVALID_EMAIL",
        "AuthService/Login": "NO_CREDENTIAL",
        "AuthService/Refresh": "UNAUTHENTICATED",
        "StatusService/GetInfo": "",
    }
    for rpc, reason in right.items():
        for headers in strangers.values():
            assert channel.call(rpc, headers).reason == reason


def test_a_key_that_may_read_reads_and_does_no_more(channel, ada):
    _, headers = ada.make_key(auth_pb2.SCOPE_READ)
    for rpc in CLOSED:
        outcome = channel.call(rpc, headers)
        if rpc in READING:
            assert outcome.code not in ("UNAUTHENTICATED", "PERMISSION_DENIED", "UNIMPLEMENTED"), (
                rpc,
                outcome,
            )
        else:
            assert (outcome.code, outcome.reason) == ("PERMISSION_DENIED", "SCOPE_TOO_SMALL"), (rpc, outcome)


def test_a_key_that_may_analyse_does_not_administer(channel, ada):
    _, headers = ada.make_key(auth_pb2.SCOPE_ANALYZE)
    for rpc in CLOSED:
        denied = channel.call(rpc, headers).code == "PERMISSION_DENIED"
        assert denied == (rpc in ADMINS), rpc


def test_a_member_is_not_the_owner(channel, ada):
    for rpc in CLOSED:
        outcome = channel.call(rpc, ada.sign_in() if rpc == "AuthService/Logout" else ada.headers)
        denied = (outcome.code, outcome.reason) == ("PERMISSION_DENIED", "OWNERS_ONLY")
        assert denied == (rpc in OWNERS), (rpc, outcome)
        assert outcome.code != "UNIMPLEMENTED", (rpc, outcome)
        wrong_password = rpc == "AuthService/ChangePassword"
        assert (outcome.code == "UNAUTHENTICATED") == wrong_password, (rpc, outcome)


def test_an_access_token_that_is_about_to_end_is_still_good(daemon, channel, claims):
    soon = int((datetime.now(UTC) + timedelta(seconds=30)).timestamp())
    good = [("authorization", f"Bearer {_token(daemon, claims | {'exp': soon})}")]
    assert channel.call("AuthService/GetMe", good).answer.user.id == claims["sub"]


def test_a_request_that_cannot_be_read_is_the_callers_mistake(channel, ada, owner_headers):
    for rpc in RPCS:
        outcome = channel.call(rpc, owner_headers if rpc in OWNERS else ada.headers, body=b"\xff\xff\xff")
        assert (outcome.code, outcome.reason) == ("INVALID_ARGUMENT", "UNREADABLE"), (rpc, outcome)
        assert not any(word in outcome.message for word in ("google", "_pb2", "Error", "class", "samplemind"))


def test_a_request_that_cannot_be_read_gives_strangers_nothing_away(channel):
    for rpc in CLOSED:
        assert channel.call(rpc, body=b"\xff\xff\xff").code == "UNAUTHENTICATED"


def test_every_refusal_has_a_reason_and_our_name_on_it(ada, bob):
    for rpc, declared in RPCS.items():
        fields = {"request_id": "no UUID"} if "request_id" in declared.input_type.fields_by_name else {}
        person = bob if rpc == "AuthService/Logout" else ada
        outcome = person(rpc, **fields)
        ours = outcome.domain == "samplemind" and outcome.reason.isupper()
        assert outcome.code == "OK" or ours, (rpc, outcome)


@pytest.fixture
def things(ada, make_sound) -> dict[str, str]:
    """Ids of what is ada's, by the field that takes them."""
    key, _ = ada.make_key()
    audio = ada.upload(make_sound(1)).id
    plan = {"tags": ["bpm"], "audio_ids": [audio]}
    return {
        "audio_id": audio,
        "write_id": ada("LibraryService/PreviewWrite", plan=plan).answer.write_id,
        "upload_id": ada.open_upload(make_sound(2)).upload.id,
        "api_key_id": key,
        "session_id": ada("AuthService/ListSessions").answer.sessions[0].id,
    }


def test_what_is_anothers_is_answered_like_what_does_not_exist(channel, bob, things, owner_headers):
    folders = channel.call("WatchService/List", owner_headers).answer.folders
    known = {**things, "audio_ids": things["audio_id"], "folder_id": folders[0].id}
    walked = set()
    for rpc, declared in RPCS.items():
        for field in declared.input_type.fields:
            if not field.name.endswith(("_id", "_ids")) or field.name == "request_id":
                continue
            walked.add(field.name)
            said = []
            for id in (known[field.name], str(uuid4())):
                given = {field.name: [id] if field.name.endswith("ids") else id}
                outcome = bob(rpc, whole=True, **given, **OTHERWISE_RIGHT.get(rpc, {}))
                said.append(repr(outcome).replace(id, "…"))
            assert said[0] == said[1], (rpc, field.name)
            assert field.name == "audio_ids" or "NOT_FOUND" in said[0], (rpc, said[0])
    assert walked == set(known)


def test_what_is_anothers_is_refused_as_fast_as_what_does_not_exist(bob, things):
    took = {"anothers": [], "none": []}
    for number in range(200):
        both = [("anothers", things["audio_id"]), ("none", str(uuid4()))]
        for which, id in both if number % 2 else both[::-1]:
            began = time.perf_counter()
            assert bob("AudioService/Get", audio_id=id).code == "NOT_FOUND"
            took[which].append(time.perf_counter() - began)
    low, high = sorted(map(median, took.values()))
    print(f"\nmedians differ by {high / low - 1:.1%}")
    assert high / low < 1.25  # 10 % where nobody else uses the machine


def test_lists_and_counts_hold_nothing_of_anothers(ada, bob, things):
    assert list(bob("AudioService/List").answer.audios) == []
    assert bob("AudioService/List").answer.total == 0
    assert list(bob("AuthService/ListApiKeys").answer.api_keys) == []
    assert things["session_id"] not in [one.id for one in bob("AuthService/ListSessions").answer.sessions]
    assert list(bob("AnalysisService/ListAnalyses").answer.analyses) == []
    assert list(bob("EventService/List").answer.events) == []
    assert list(bob("WatchService/List").answer.folders) == []
    status = bob("StatusService/GetStatus").answer
    assert not status.audios and not status.jobs and status.inbox == ""
    assert bob("AudioService/List", filter=f"sha256 = {'a' * 64}").answer.total == 0
    assert len(ada("AudioService/List").answer.audios) == 1


def test_the_same_bytes_of_another_user_must_be_sent_all_the_same(ada, bob, make_sound):
    data = make_sound(3)
    known = ada.upload(data)
    assert bob.open_upload(data).WhichOneof("outcome") == "upload"
    mine = bob.upload(data)
    assert mine.id != known.id and mine.sha256 == known.sha256


def test_cursors_and_page_tokens_of_another_user_are_none(ada, bob, make_sound):
    for seed in range(2):
        ada.upload(make_sound(seed))
    cursor = ada("EventService/List", page_size=1).answer.cursor
    token = ada("AudioService/List", page_size=1).answer.next_page_token
    assert cursor and token
    for rpc in ("EventService/List", "EventService/Subscribe"):
        assert bob(rpc, cursor=cursor).reason == "INVALID_CURSOR"
    for rpc in (
        "AudioService/List",
        "AuthService/ListApiKeys",
        "AuthService/ListSessions",
        "WatchService/List",
        "AnalysisService/ListAnalyses",
    ):
        assert bob(rpc, page_token=token).reason == "INVALID_PAGE_TOKEN", rpc


def test_a_person_sees_nothing_but_its_own_events(channel, make_sound):
    ada, bob = Person(channel), Person(channel)
    hers, his = ada.upload(make_sound(4)), bob.upload(make_sound(4))
    for person, own in ((ada, hers), (bob, his)):
        events = person("EventService/List").answer.events
        assert events and {event.audio_id for event in events} == {own.id}
