"""Whatever an analyzer found becomes a message that is short enough, and says what was found."""

from datetime import UTC, datetime

import pytest

from samplemind.v1 import analysis_pb2 as pb
from samplemind_daemon.library.analyses import Analysis
from samplemind_daemon.model import Audio, Descriptor, Result, State
from samplemind_daemon.service import wire_analysis as wire
from samplemind_daemon.service.pages import LARGEST_REPLY

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
AUDIO = Audio(
    "id", "user", "a.wav", State.COMPLETED, MOMENT, None, 1, "0" * 64, None, None, None, None, MOMENT
)


def found(name, value, **about):
    about = {
        "unit": "", "confidence": None, "status": "ok", "candidates": (), "reason": "", "made_by": "x", "version": 1
    } | about  # fmt: skip
    return Descriptor(name=name, value=value, **about)


def analysis(*descriptors):
    return Analysis(AUDIO, (Result("x", 1, "print", descriptors),), None)


@pytest.mark.parametrize(
    ("value", "kind", "sent"),
    [
        (1.5, "number", 1.5),
        (-0.0, "number", 0.0),
        (3, "integer", 3),
        (-(2**63), "integer", -(2**63)),
        (True, "integer", 1),
        ("A minor", "text", "A minor"),
        ("caf\udce9", "text", "caf?"),
        ((0.5, 1.0), "numbers", [0.5, 1.0]),
        ((1, 0.5), "numbers", [1.0, 0.5]),
        ((1, 2), "integers", [1, 2]),
        (("a", "b"), "texts", ["a", "b"]),
        ((), "numbers", []),
        (
            (("rock", 0.9), ("jazz", 0.1)),
            "labels",
            [pb.Label(name="rock", probability=0.9), pb.Label(name="jazz", probability=0.1)],
        ),
        ((("rock", 0.9), ("jazz", 1)), "texts", ['["rock", 0.9]', '["jazz", 1]']),
        (("a", 1, None, (1, (2,))), "texts", ["a", "1", "null", "[1, [2]]"]),
        ((1, True), "texts", ["1", "true"]),
    ],
)
def test_every_kind_of_value_has_its_message(value, kind, sent):
    message = wire.value(value)
    assert message.WhichOneof("kind") == kind
    answer = getattr(message, kind)
    assert (list(answer.values) if hasattr(answer, "values") else answer) == sent
    assert pb.Value.FromString(message.SerializeToString()) == message


def test_what_is_not_known_is_absent():
    assert wire.value(None) is None
    [message] = wire.analysis(
        analysis(found("x.a", None, status="not_applicable", reason="it is silent"))
    ).descriptors
    assert not message.HasField("value") and not message.HasField("confidence")
    assert message.status == pb.DESCRIPTOR_STATUS_NOT_APPLICABLE and message.reason == "it is silent"


def test_a_finding_keeps_all_that_is_said_of_it():
    one = found(
        "x.a", 120.0, unit="BPM", confidence=0.9, candidates=((60.0, 0.05), (240.0, None)), version=2**40
    )
    [message] = wire.analysis(analysis(one)).descriptors
    assert (message.value.number, message.unit, message.confidence) == (120.0, "BPM", 0.9)
    assert [candidate.value.number for candidate in message.candidates] == [60.0, 240.0]
    assert message.candidates[0].confidence == 0.05 and not message.candidates[1].HasField("confidence")
    assert message.fingerprint == "print" and message.version == 2**31 - 1


def test_the_largest_values_are_left_out_where_a_reply_does_not_hold_all():
    small, middle, large = found("x.a", 1.0), found("x.b", (0.5,) * 10_000), found("x.c", (0.5,) * 100_000)
    message = wire.analysis(analysis(small, middle, large))
    assert message.ByteSize() < LARGEST_REPLY
    kept = {one.name: one.HasField("value") for one in message.descriptors}
    assert kept == {"x.a": True, "x.b": True, "x.c": False}
    assert (
        "800,0" in message.descriptors[2].reason and message.descriptors[2].status != pb.DESCRIPTOR_STATUS_OK
    )


def test_many_middling_values_fit_as_far_as_they_fit():
    message = wire.analysis(analysis(*(found(f"x.a{number}", (0.5,) * 5_000) for number in range(20))))
    assert message.ByteSize() < LARGEST_REPLY and len(message.descriptors) == 20
    assert sum(one.HasField("value") for one in message.descriptors) == 6


def test_a_stream_carries_each_value_by_itself_as_long_as_one_message_holds_it():
    lists = [found(f"x.{name}", (0.5,) * 25_000) for name in "ab"]
    result = Result("x", 1, "print", (*lists, found("x.c", "w" * 10**6)))
    messages = list(wire.updates(result))
    assert [one.finding.HasField("value") for one in messages] == [True, True, False]
    assert all(one.ByteSize() < LARGEST_REPLY for one in messages)


def test_findings_without_number_are_cut_rather_than_sent_in_too_long_a_message():
    reasons = (found(f"x.a{number}", None, status="failed", reason="why" * 333) for number in range(1_000))
    message = wire.analysis(analysis(*reasons))
    assert message.ByteSize() < LARGEST_REPLY and len(message.descriptors) > 200


def test_a_list_of_analyses_has_the_named_findings_or_all_but_lists():
    known = analysis(found("x.a", 1.0), found("x.b", (1.0, 2.0)), found("x.c", None))
    assert [one.name for one in wire.analysis(known, frozenset()).descriptors] == ["x.a", "x.c"]
    assert [one.name for one in wire.analysis(known, frozenset({"x.b"})).descriptors] == ["x.b"]
    assert [one.name for one in wire.analysis(known).descriptors] == ["x.a", "x.b", "x.c"]
