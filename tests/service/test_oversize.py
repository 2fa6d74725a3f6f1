"""Too large, too deep, too many or too long is refused with a reason, and costs next to nothing."""

import zlib

import grpc
import psutil
import pytest
from raw_calls import RPCS, Channel, pieces

from samplemind.v1 import audio_pb2

LONG = "x" * 10_000
DEEP = "(" * 1_000 + "state = failed" + ")" * 1_000
REFUSED = {"RESOURCE_EXHAUSTED", "INVALID_ARGUMENT", "UNAUTHENTICATED", "NOT_FOUND"}
CASES = {  # a call, and what is too much of it
    "a name": ("AudioService/CreateUpload", {"name": LONG, "size_bytes": 9, "sha256": "a" * 64}),
    "a new name": ("AudioService/Update", {"audio_id": "x", "name": LONG}),
    "a digest": ("AudioService/CreateUpload", {"name": "a.wav", "size_bytes": 9, "sha256": LONG}),
    "a size": ("AudioService/CreateUpload", {"name": "a.wav", "size_bytes": 2**62, "sha256": "a" * 64}),
    "a filter": ("AudioService/List", {"filter": f"name = {LONG}"}),
    "a deep filter": ("AudioService/List", {"filter": DEEP}),
    "a filter of many parts": ("AudioService/List", {"filter": " AND ".join(["state = failed"] * 1_000)}),
    "a page token": ("AudioService/List", {"page_token": LONG}),
    "a request's id": ("AudioService/Delete", {"request_id": LONG, "audio_id": "x"}),
    "a batch": ("AnalysisService/AnalyzeBatch", {"audio_ids": ["x"] * 5 + [f"{n}" for n in range(5_001)]}),
    "kinds of events": ("EventService/List", {"kinds": [f"kind{'a' * 9}."] * 1_000}),
    "a key's name": ("AuthService/CreateApiKey", {"name": LONG, "scope": 1}),
    "a password": ("AuthService/Register", {"email": "a@b.example", "password": "x" * 900_000}),
    "an e-mail address": ("AuthService/Register", {"email": LONG + "@b.example", "password": "seven geese"}),
}


@pytest.fixture
def memory(daemon):
    return psutil.Process(daemon.process.pid).memory_info


@pytest.mark.parametrize("what", CASES)
def test_too_much_is_refused_with_a_short_sentence(ada, channel, memory, what):
    rpc, fields = CASES[what]
    before = memory().rss
    for outcome in (ada(rpc, **fields), channel.call(rpc, **fields)):
        assert outcome.code in REFUSED, (what, outcome)
        assert outcome.domain == "samplemind" and len(outcome.message) < 1_000
    assert memory().rss - before < 20 * 2**20


def test_a_page_is_never_longer_than_a_page(ada):
    assert ada("AudioService/List", page_size=2**31 - 1).code == "OK"


def test_a_stream_of_very_many_pieces_is_taken_one_by_one(ada, make_sound, memory):
    data = make_sound(3, 0.3)
    upload = ada.open_upload(data).upload
    tiny = pieces(upload.id, data, size=5)
    assert len(tiny) > 5_000
    before = memory().rss
    assert ada("AudioService/UploadChunks", stream=tiny).code == "OK"
    empty = [audio_pb2.UploadChunksRequest(upload_id=upload.id, offset=len(data))] * 5_000
    outcome = ada("AudioService/UploadChunks", stream=empty)
    assert outcome.code == "OK" or outcome.reason
    assert memory().rss - before < 20 * 2**20


def test_a_bomb_is_refused_while_it_unpacks_however_it_is_packed(daemon, ada, memory):
    channel = Channel(daemon.address, ("grpc.max_send_message_length", -1))
    before = memory().rss
    outcome = channel.call("AudioService/Get", body=bytes(200 << 20), compression=grpc.Compression.Deflate)
    assert outcome.code == "RESOURCE_EXHAUSTED", outcome
    channel.close()
    assert memory().rss - before < 60 * 2**20 and ada("AuthService/GetMe").code == "OK"


def test_what_only_says_that_it_is_packed_is_refused(daemon):
    spoilt = zlib.compress(b"x" * 1_000)[:-9]
    channel = Channel(daemon.address)
    assert channel.call("AudioService/Get", body=spoilt).code in REFUSED
    channel.close()


MALFORMED = {
    "groups in groups, two hundred deep": b"\x0b" * 200 + b"\x0c" * 200,
    "text that is no UTF-8": b"\x0a\x04\xff\xfe\xfd\xfc\x12\x04\xff\xfe\xfd\xfc",
    "a length that goes past the end": b"\x0a\xff\xff\xff\xff\x0f",
    "a number that never ends": b"\x08" + b"\xff" * 20,
    "field number zero": b"\x02\x01x",
    "a kind of field that is none": b"\x0f\x01",
}


@pytest.mark.parametrize("how", MALFORMED)
def test_what_is_no_message_is_the_callers_mistake_everywhere(ada, how):
    for rpc in set(RPCS) - {"AuthService/Logout"}:
        outcome = ada(rpc, body=MALFORMED[how])
        known = outcome.code not in ("UNKNOWN", "INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED")
        assert known, (rpc, outcome)
        assert not any(word in outcome.message for word in ("google", "_pb2", "Error", "Traceback")), outcome
