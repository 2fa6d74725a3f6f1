"""One sound, many analyzers: who fails, fails alone."""

import math

import numpy as np
import pytest

from samplemind_daemon.analysis.finding import MOST_BYTES
from samplemind_daemon.analysis.listening import Listening
from samplemind_daemon.model import Descriptor
from samplemind_sdk import Analyzer, CannotDescribe, Estimate, Input, Output, Status, blocks, parameter
from samplemind_sdk.testing import tone

SOUND = tone(440, seconds=7)


class Length(Analyzer):
    """How many samples there are."""

    name, version = "length", 2
    samples = Output(kind=int, unit="samples")
    heard = 0

    def update(self, block):
        self.heard += block.length

    def describe(self):
        yield self.samples(self.heard, confidence=0.5, candidates=[(1, None)])


class Twice(Analyzer):
    """Twice the length."""

    name = "twice"
    length = Input("length.samples")
    hint = Input("nobody.knows", optional=True)
    samples = Output(kind=int)

    def describe(self):
        assert self.hint is None
        yield self.samples(2 * self.length.value)


def make(said=None, update=None, begin=None, **members):
    """An analyzer called odd that says this, or does that instead."""

    def describe(self):
        if isinstance(said, Exception):
            raise said
        yield from said or ()

    def hear(self, block):
        if update:
            raise update

    def start(self):
        if begin:
            raise begin

    described = {"value": Output(), "other": Output(), **members}
    return type(
        "Odd", (Analyzer,), {"name": "odd", "describe": describe, "update": hear, "begin": start, **described}
    )


def listen(*plan, settings=None, known=(), sound=SOUND):
    listening = Listening(plan, settings or {}, known)
    for block in blocks([sound]):
        listening.hear(block)
    return {one.name: one for _, said in listening.describe() for one in said}


def test_a_finding_becomes_a_descriptor_with_its_maker():
    found = listen(Length)["length.samples"]
    expected = Descriptor("length.samples", 7 * 44_100, "samples", 0.5, "ok", ((1, None),), "", "length", 2)
    assert found == expected and type(found.value) is int


def test_an_analyzer_takes_in_what_another_found():
    assert listen(Length, Twice)["twice.samples"].value == 2 * 7 * 44_100


def test_an_analyzer_takes_in_what_was_found_earlier():
    known = listen(Length)["length.samples"]
    assert listen(Twice, known=[known])["twice.samples"].value == 2 * known.value
    assert not Listening([Twice], {}, [known]).needs_sound and Listening([Length], {}).needs_sound


def test_an_input_that_is_not_known_is_the_reason_why_nothing_is_found():
    found = listen(Twice)["twice.samples"]
    assert (found.value, found.status) == (None, "unmeasurable") and "length.samples" in found.reason


def test_an_input_that_was_withheld_hands_on_its_status_and_reason():
    withheld = make(CannotDescribe("it is silent"))
    taker = type("Taker", (Twice,), {"name": "taker", "length": Input("odd.value")})
    found = listen(withheld, taker)["taker.samples"]
    assert found.status == "not_applicable" and "it is silent" in found.reason


def test_an_analyzer_that_cannot_describe_says_so_for_each_output():
    found = listen(make(CannotDescribe("too short", Status.UNMEASURABLE)))
    assert {(one.value, one.status, one.reason) for one in found.values()} == {
        (None, "unmeasurable", "too short")
    }
    assert set(found) == {"odd.value", "odd.other"}


FAILING = {
    "begin": make(begin=OSError("no begin")),
    "update": make(update=OSError("no update")),
    "describe": make(OSError("no describe")),
    "undeclared": make([("ghost", Estimate(1.0))]),
    "twice": make([("value", Estimate(1.0)), ("value", Estimate(1.0))]),
    "nan": make([("value", Estimate(math.nan))]),
    "infinity": make([("value", Estimate((1.0, (math.inf,))))]),
    "array_nan": make([("value", Estimate(np.array([1.0, math.nan])))]),
    "object": make([("value", Estimate(object()))]),
    "valueless": make([("value", Estimate(None))]),
    "status": make([("value", Estimate(1.0, status="great"))]),
    "certainty": make([("value", Estimate(1.0, 1.1))]),
    "candidate": make([("value", Estimate(1.0, candidates=((math.nan, 0.1),)))]),
    "bare": make([("value", 1.0)]),
    "huge": make([("value", Estimate("x" * (MOST_BYTES + 1)))]),
    "huge_together": make([(name, Estimate("x" * (MOST_BYTES // 2 + 1))) for name in ("value", "other")]),
    "deep": make([("value", Estimate([[[[[[1]]]]]]))]),
    "google": make([("value", Estimate(10**30))]),
}


@pytest.mark.parametrize("kind", FAILING)
def test_an_analyzer_that_fails_costs_only_its_own_outputs(kind):
    found = listen(FAILING[kind], Length)
    assert found["length.samples"].status == "ok"
    for name in ("odd.value", "odd.other"):
        assert (found[name].value, found[name].status) == (None, "failed") and found[name].reason


def test_a_setting_out_of_range_fails_with_its_value():
    picky = make(gain=parameter(1.0, low=0, high=2))
    assert "not 3.0" in listen(picky, settings={"odd": {"gain": 3}})["odd.value"].reason


def test_numpy_values_become_plain_ones():
    found = listen(make([("value", Estimate(np.float32(0.5))), ("other", Estimate(np.arange(3)))]))
    assert type(found["odd.value"].value) is float
    assert found["odd.other"].value == (0, 1, 2)


def test_to_describe_midway_changes_nothing():
    curious, patient = Listening([Length, Twice], {}), Listening([Length, Twice], {})
    for block in blocks([SOUND]):
        curious.hear(block)
        list(curious.describe())
        patient.hear(block)
    assert list(curious.describe()) == list(patient.describe())
