"""Nothing that a worker says is trusted."""

import json
import os

import pytest

from samplemind_daemon.model import Catalogue, Descriptor, Media, PluginInfo
from samplemind_daemon.work.protocol import (
    LENGTH,
    MOST_BYTES,
    CannotUnderstand,
    Done,
    Examine,
    Failed,
    Found,
    Hello,
    Loading,
    Progress,
    Speaks,
    Task,
    decode,
    encode,
    length,
)

BEATS = Descriptor("tempo.beats", (0.5, 1.0), "s", None, "ok", (((1.0,), 0.5),), "", "tempo", 1)
MEDIA = Media("wav", "pcm_s16", 44_100, 2, 16, 1.5, {"title": "a"}, ("odd",))
MESSAGES = [
    Task(os.fsdecode(b"/caf\xe9/\xff\n.wav"), ("tempo",), {"tempo": {"low": 60.0}}, (BEATS,), 10.0),
    Examine("tempo"),
    Speaks(1),
    Loading("tempo", "samplemind 1"),
    Hello(Catalogue((PluginInfo("tempo", "here", "broken"),), (), 1)),
    Progress(1.5, None),
    Progress(1.5, 3.0),
    Found("tempo", (BEATS,)),
    Done(MEDIA),
    Done(None),
    Failed("EMPTY", "there is nothing in it"),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: type(one).__name__)
def test_what_is_said_is_understood(message):
    frame = encode(message)
    assert length(frame[: LENGTH.size]) == len(frame) - LENGTH.size
    assert decode(frame[LENGTH.size :]) == message


WRONG = [
    b"",
    b"\xff\xfe",
    b"[]",
    b"{}",
    b'{"kind": "Shout"}',
    b'{"kind": "Progress", "seconds": NaN, "expected": null}',
    b'{"kind": "Progress", "seconds": null, "expected": null}',
    b'{"kind": "Found", "analyzer": "a", "descriptors": [{"name": "a.b"}]}',
    json.dumps(
        {"kind": "Found", "analyzer": "a", "descriptors": [{**vars(BEATS), "status": "great"}]}
    ).encode(),
    b"[" * 100_000,
]


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:40].decode("latin-1"))
def test_what_is_no_message_is_refused(text):
    with pytest.raises(CannotUnderstand):
        decode(text)


def test_a_message_beyond_the_bound_is_refused_before_it_is_read():
    with pytest.raises(CannotUnderstand, match="too long"):
        length(LENGTH.pack(MOST_BYTES + 1))
    with pytest.raises(CannotUnderstand, match="too long"):
        encode(Failed("X", "x" * MOST_BYTES))
