"""The kit for plugin tests plays sounds whose truth is known, and catches each promise that is broken."""

from typing import ClassVar

import pytest
from good_analyzers import Half, Peak

from samplemind_sdk import Analyzer, Estimate, Input, Output, Status, parameter
from samplemind_sdk.testing import check, clicks, describe, estimates, silence, tone


def test_the_kit_plays_sounds_and_gives_inputs_without_any_daemon():
    assert describe(Half(), silence(1), whole=Estimate(3.0)) == {"level": 1.5}
    assert describe(Half(), silence(1), whole=Estimate(3.0), other=Estimate(120.0)) == {"level": 1.0}
    assert describe(Half(), silence(1)) == {}
    unknown = Estimate(None, None, (), Status.UNMEASURABLE, "there is no whole")
    assert estimates(Half(), silence(1)) == {"level": unknown}


def test_the_kits_sounds_are_what_they_say():
    assert tone(440, seconds=2, level=0.25).max() == pytest.approx(0.25, rel=0.01)
    ticking = abs(clicks(60, 3.5)[0])
    assert [ticking[second * 44_100 :][:100].any() for second in range(4)] == [True] * 4
    assert not ticking[30_000:44_000].any() and silence(1.5).shape == (1, 66_150)


def test_an_analyzer_that_keeps_the_promises_passes():
    for kind in (Peak, Half):
        check(kind)


def spoiled(**members):
    """A good analyzer, but for these members."""
    return type("Spoiled", (Peak,), {"__doc__": "It is spoiled.", "name": "spoiled"} | members)


def reports(*findings):
    def describe(self):
        yield from findings

    return {"describe": describe}


def estimate(value, **more):
    return reports(("level", Estimate(value, **more)))


def begin_twice(self):
    self.highest = 0.0
    self.asked = 0


def count_asking(self):
    self.asked += 1
    yield self.level(min(10, self.asked))


def remember_all(self, block):
    self.everything.append(block.start)


def say_how_many(self):
    yield self.level(min(10.0, len(self.everything) / 10))


def count_blocks(self, block):
    self.highest += 0.01


def scribble(self, block):
    block.samples[:] = 0


class Nameless(Analyzer):
    """It has no name."""

    level = Output()


class Silent(Analyzer):
    """It says nothing."""

    name = "silent"
    level = Output()

    def update(self, block): ...


class Deaf(Analyzer):
    """It knows nothing."""

    name = "deaf"
    level = Output()

    def describe(self):
        yield self.level(1)


class Mute(Analyzer):
    """It finds nothing."""

    name = "mute"

    def update(self, block): ...
    def describe(self): ...


BROKEN: dict[str, tuple[type[Analyzer], str]] = {
    "no name": (Nameless, "a name is lower-case letters, digits and _, at most 64, not None"),
    "a loud name": (spoiled(name="Peak Level"), "not 'Peak Level'"),
    "a long name": (spoiled(name="x" * 65), "at most 64"),
    "no version": (spoiled(version=0), "a version is a whole number from 1, not 0"),
    "a word for a version": (spoiled(version="1.0"), "not '1.0'"),
    "no docstring": (spoiled(__doc__=None), "a docstring says what it finds out"),
    "no outputs": (Mute, "an analyzer finds something out"),
    "no describe": (Silent, "describe() says what was found"),
    "neither ears nor inputs": (Deaf, "an analyzer hears the sound or takes what others found"),
    "an input that is none": (
        spoiled(other=Input("tempo")),
        "an input is named as in tempo.bpm, not 'tempo'",
    ),
    "an output that is none": (spoiled(**reports(("volume", Estimate(1.0)))), "only declared outputs"),
    "an output twice": (spoiled(**reports(Peak.level(1), Peak.level(2))), "an output is reported once"),
    "out of range": (spoiled(**estimate(11.0)), "level must be 0 to 10, not 11.0"),
    "not finite": (spoiled(**estimate(float("inf"))), "level must be a finite number, not inf"),
    "of another kind": (spoiled(**estimate("loud")), "level must be a float, not 'loud'"),
    "no choice of its own": (
        spoiled(**reports(("word", Estimate("middle")))),
        "word must be one of low, high",
    ),
    "one of many out of range": (spoiled(**reports(("steps", Estimate((1, 101))))), "steps must be 0 to 100"),
    "a candidate out of range": (spoiled(**estimate(1.0, candidates=((-1.0, None),))), "not -1.0"),
    "too sure": (spoiled(**estimate(1.0, confidence=1.5)), "the confidence of level is a probability"),
    "too sure of another": (spoiled(**estimate(1.0, candidates=((2.0, 7.0),))), "not 7.0"),
    "known but empty": (spoiled(**estimate(None)), "level is ok, but has no value"),
    "unknown but there": (
        spoiled(**estimate(1.0, status=Status.FAILED, reason="x")),
        "level is failed, but has",
    ),
    "unknown without a reason": (
        spoiled(**estimate(None, status=Status.UNMEASURABLE)),
        "level is unmeasurable, and nothing says why",
    ),
    "doubted without a reason": (
        spoiled(**estimate(1.0, status=Status.LOW_CONFIDENCE)),
        "level is low_confidence, and nothing says why",
    ),
    "changed by asking": (
        spoiled(begin=begin_twice, describe=count_asking),
        "describe() must leave everything as it is",
    ),
    "shared between sounds": (
        spoiled(everything=[], update=remember_all, describe=say_how_many),
        "an instance hears one sound only",
    ),
    "counting blocks": (
        spoiled(update=count_blocks),
        "level must not depend on how the sound is cut into blocks",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_promise_is_caught_and_named(kind):
    analyzer, sentence = BROKEN[kind]
    with pytest.raises(AssertionError) as caught:
        check(analyzer)
    assert sentence in str(caught.value)


def test_writing_into_the_shared_sound_fails_at_once():
    with pytest.raises(ValueError, match="read-only"):
        check(spoiled(update=scribble))


def test_a_default_that_its_own_range_refuses_is_caught():
    class Odd(Peak):
        """It cannot begin."""

        name: ClassVar[str] = "odd"
        gain = parameter(20.0, low=0, high=10)

    with pytest.raises(ValueError, match="gain must be 0 to 10, not 20"):
        check(Odd)
