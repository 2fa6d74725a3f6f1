"""What is too much, or no message at all, is refused, and costs the daemon next to nothing."""

import random
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf.descriptor import FieldDescriptor
from raw_calls import RPCS, SECONDS, Channel

MEBIBYTE = 2**20
TRIED = sorted(set(RPCS) - {"AuthService/Logout", "AuthService/ChangePassword"})  # which put the caller out


@pytest.fixture
def memory(daemon):
    """How much memory the daemon's process has held at most, in bytes."""

    def memory() -> int:
        with open(f"/proc/{daemon.process.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))

    return memory


def test_a_small_message_that_unpacks_to_a_huge_one_is_refused_with_little_memory(daemon, ada, memory):
    bomb = bytes(200 * MEBIBYTE)  # 200 KiB once packed
    before = memory()

    def throw(_):
        channel = Channel(daemon.address, ("grpc.max_send_message_length", -1))
        outcome = channel.call("AudioService/Get", body=bomb, compression=grpc.Compression.Gzip)
        channel.close()
        return outcome.code

    with ThreadPoolExecutor(2) as threads:
        assert set(threads.map(throw, range(4))) == {"RESOURCE_EXHAUSTED"}
    assert memory() - before < 60 * MEBIBYTE
    assert ada("AuthService/GetMe").code == "OK"


def test_a_message_over_a_mebibyte_is_refused(daemon, ada):
    channel = Channel(daemon.address, ("grpc.max_send_message_length", -1))
    assert (
        channel.call("AudioService/Get", ada.headers, audio_id="x" * 5 * MEBIBYTE).code
        == "RESOURCE_EXHAUSTED"
    )
    channel.close()


def test_metadata_that_are_too_large_are_refused(channel, ada):
    outcome = channel.call("AuthService/GetMe", [*ada.headers, ("x-more", "x" * 20_000)])
    assert outcome.code == "RESOURCE_EXHAUSTED"
    assert ada("AuthService/GetMe").code == "OK"


@pytest.mark.parametrize("rpc", TRIED)
def test_no_bytes_and_no_value_find_a_bug(ada, rpc):
    try_out(rpc, lambda **request: ada(rpc, **request))


def test_the_owner_finds_no_bug_either(own_daemon):
    daemon = own_daemon()
    channel, headers = Channel(daemon.address), [("x-api-key", daemon.owner_key)]
    for rpc in TRIED:
        try_out(rpc, lambda rpc=rpc, **request: channel.call(rpc, headers, **request))
    channel.close()
    assert '"rpc failed"' not in daemon.log.read_text()


def try_out(rpc, call):
    """Call it with bytes and with values of all kinds: whatever is refused is refused in one sentence."""
    chance = random.Random(rpc)
    requests = [{"body": chance.randbytes(chance.randrange(60))} for _ in range(40)]
    requests += [
        {field.name: _any(field, chance) for field in RPCS[rpc].input_type.fields} for _ in range(60)
    ]
    for request in requests:
        outcome = call(**request)
        assert outcome.code not in ("UNKNOWN", "INTERNAL", "DEADLINE_EXCEEDED"), (rpc, request, outcome)
        assert len(outcome.message) < 4_096


STRINGS = [
    "", "0", "1.00000000", "x" * 5_000, "\0", "'; DROP TABLE users; --", "%", "../../etc/passwd", "é" * 300,
    "\U0001f941", "name : \"", "state = failed", "audio.", "a@b.c", "a" * 64, "W10", "{}", "[" * 2_000, '{"a": NaN}',
    "\u202e\x1b[31m", "tempo", "tempo.bpm", "name desc", "\ufffe", "9" * 400,
]  # fmt: skip
NUMBERS = [0, 1, -1, 2**31 - 1, -(2**31)]
LARGE = [*NUMBERS, 2**63 - 1, -(2**63), 10**15]


def _any(field, chance):
    """A value of the field's kind that a program might send."""
    if field.is_repeated:
        return [_one(field, chance) for _ in range(chance.choice([0, 1, 2, 40]))]
    return _one(field, chance)


def _one(field, chance):
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING if field.type == FieldDescriptor.TYPE_BYTES:
            return chance.randbytes(chance.choice([0, 1, 300_000]))
        case FieldDescriptor.CPPTYPE_STRING:
            return chance.choice(STRINGS)
        case FieldDescriptor.CPPTYPE_INT64 | FieldDescriptor.CPPTYPE_UINT64:
            return chance.choice(LARGE)
        case FieldDescriptor.CPPTYPE_BOOL:
            return chance.random() < 0.5
        case FieldDescriptor.CPPTYPE_DOUBLE:
            return chance.choice([0.0, -1.0, float("nan"), float("inf"), 1e308])
        case FieldDescriptor.CPPTYPE_MESSAGE:
            return {inner.name: _any(inner, chance) for inner in field.message_type.fields}
        case _:
            return chance.choice(NUMBERS)


def test_an_answer_that_nobody_reads_ends_with_its_caller(daemon, ada):
    channel = grpc.insecure_channel(daemon.address)
    call = channel.unary_stream("/samplemind.v1.EventService/Subscribe")(
        b"", metadata=ada.headers, timeout=SECONDS
    )
    next(call)
    assert ada("StatusService/GetStatus").answer.subscribers >= 1
    channel.close()
