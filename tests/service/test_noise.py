"""Noise on the wire, in the shape of messages: refused as the caller's mistake, or read as protobuf says it is."""

import random

import pytest
from google.protobuf.descriptor import FieldDescriptor
from raw_calls import RPCS, message_of, pieces

TRIED = sorted(set(RPCS) - {"AuthService/Logout", "AuthService/ChangePassword"})  # which put the caller out
OURS = ("google", "_pb2", "Error", "Traceback", "site-packages", ".py")  # what no answer may say
VARINT, LONG, BYTES, GROUP, END, SHORT, NONE, NEVER = range(8)
DEPTH = 200
HOW_MANY = 24  # bodies for each call


def varint(number, size=1):
    """A number in the wire's digits, of so many bytes at least: longer than it needs is overlong."""
    digits = bytearray()
    while number >= 128 or len(digits) < size - 1:
        digits.append(number & 127 | 128)
        number >>= 7
    return bytes([*digits, number])


def piece(field, kind, chance):
    """A field with this kind of content, whether that is its kind or not."""
    content = chance.randbytes(chance.randrange(12))
    tag = varint(field << 3 | kind, chance.choice([1, 1, 3]))
    return tag + {
        VARINT: varint(chance.getrandbits(64), chance.choice([1, 10])),
        LONG: chance.randbytes(8),
        BYTES: varint(chance.choice([len(content), len(content) + 1, 2**63]), chance.choice([1, 9])) + content,
        GROUP: content,
        SHORT: chance.randbytes(4),
    }.get(kind, content)  # fmt: skip


def within(field, content, depth):
    """A message in a message in a message."""
    for _ in range(depth):
        content = varint(field << 3 | BYTES) + varint(len(content)) + content
    return content


def noise(rpc, chance):
    """Bodies with the fields that the call knows, each as something else, again and again, and deep down."""
    fields = list(RPCS[rpc].input_type.fields)
    numbers = [field.number for field in fields] + [1, 99]
    for _ in range(HOW_MANY):
        yield b"".join(
            piece(chance.choice(numbers), chance.randrange(8), chance) for _ in range(chance.randrange(1, 9))
        )
    for number in numbers:
        yield within(number, b"", DEPTH)
        yield (varint(number << 3 | GROUP) * DEPTH) + varint(number << 3 | END) * DEPTH
    for oneof in RPCS[rpc].input_type.oneofs:  # all of its fields at once, several times: the last one counts
        yield b"".join(_something(field, chance) for field in list(oneof.fields) * 3)
    yield varint(2**29, 10) + b"\0"  # a field beyond all fields
    yield b"\xff" * 11  # a number without end


def _something(field, chance):
    """A field as it may be."""
    kind = BYTES if field.type in (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_MESSAGE) else VARINT
    return varint(field.number << 3 | kind) + (b"\0" if kind == BYTES else varint(chance.randrange(3)))


def check(outcome, said):
    known = outcome.code not in ("UNKNOWN", "INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED", "UNIMPLEMENTED")
    assert known and len(outcome.message) < 1_000, (said, outcome)
    assert not any(word in outcome.message for word in OURS), (said, outcome)


@pytest.mark.parametrize("rpc", TRIED)
def test_noise_in_the_shape_of_a_request_finds_no_bug(ada, daemon, rpc):
    failed = daemon.log.read_text().count('"rpc failed"')
    chance = random.Random(rpc)
    for body in noise(rpc, chance):
        check(ada(rpc, body=body), (rpc, body))
    assert ada("AuthService/GetMe").code == "OK"
    assert daemon.log.read_text().count('"rpc failed"') == failed


@pytest.mark.parametrize("rpc", [rpc for rpc in TRIED if RPCS[rpc].client_streaming])
def test_noise_in_a_stream_ends_that_stream_alone(ada, rpc):
    chance = random.Random(rpc)
    for body in noise(rpc, chance):
        check(ada(rpc, stream=[message_of(rpc), body, message_of(rpc)]), (rpc, body))
    assert ada("AuthService/GetMe").code == "OK"


def test_noise_in_the_middle_of_an_upload_costs_nothing_that_came_before_it(ada, make_sound):
    data, chance = make_sound(1, 0.3), random.Random(3)
    upload = ada.open_upload(data).upload
    messages, refused, done = pieces(upload.id, data, size=16 * 1024), set(), 0
    for body in [b"\xff" * 11, b"\x0a\x7f", *noise("AudioService/UploadChunks", chance)]:
        outcome = ada("AudioService/UploadChunks", stream=[messages[min(done, len(messages) - 1)], body])
        check(outcome, body)
        refused.add(outcome.code)
        committed = ada("AudioService/GetUpload", upload_id=upload.id).answer.upload.committed_bytes
        assert committed >= len(messages[0].data), (body, outcome)
        done = committed // (16 * 1024)
    assert "INVALID_ARGUMENT" in refused
    rest = pieces(upload.id, data, committed)
    assert not rest or ada("AudioService/UploadChunks", stream=rest).code == "OK"
    assert ada("AudioService/FinishUpload", upload_id=upload.id).answer.audio.sha256
