"""An analyzer declares what it takes and gives, and says it as declared or is refused."""

import json

import pytest
from good_analyzers import Half, Peak

from samplemind_sdk import Estimate, Label, Status, parameter
from samplemind_sdk.testing import describe, tone


def test_what_is_declared_is_known_by_name():
    assert set(Peak.parameters) == {"gain", "times", "upside_down", "law"}
    assert set(Peak.outputs) == {"level", "word", "steps", "shapes"} and Peak.outputs["level"].name == "level"
    assert {name: (one.source, one.optional) for name, one in Half.inputs.items()} == {
        "whole": ("peak.level", False),
        "other": ("tempo.bpm", True),
    }
    assert Peak.listens() and not Half.listens()


def test_what_a_parent_declares_its_children_have():
    class Louder(Peak):
        """More of it."""

        name = "louder"
        boost = parameter(2.0)

    assert set(Louder.parameters) == {*Peak.parameters, "boost"} and "boost" not in Peak.parameters


def test_a_setting_is_given_by_name_and_is_the_default_otherwise():
    assert (Peak().gain, Peak(gain=2).gain, Peak(upside_down=True).upside_down) == (1.0, 2.0, True)
    assert isinstance(Peak(gain=2).gain, float)
    assert describe(Peak(gain=2), tone(440, seconds=1))["level"] == pytest.approx(1.0, rel=0.01)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"gain": 11}, "gain must be 0 to 10 x, not 11.0"),
        ({"gain": -0.1}, "gain must be 0 to 10 x, not -0.1"),
        ({"gain": float("nan")}, "gain must be a finite number, not nan"),
        ({"gain": "loud"}, "gain must be of type float, not 'loud'"),
        ({"gain": None}, "gain must be of type float, not None"),
        ({"gain": True}, "gain must be of type float, not True"),
        ({"times": 4}, "times must be 1 to 3, not 4"),
        ({"times": [1]}, "times must be of type int, not [1]"),
        ({"times": float("inf")}, "times must be of type int, not inf"),
        ({"upside_down": "no"}, "upside_down must be of type bool, not 'no'"),
        ({"law": "cube"}, "law must be one of linear, square, not cube"),
        ({"volume": 1, "bass": 2}, "peak has no parameter bass, volume"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_a_sentence(settings, sentence):
    with pytest.raises(ValueError) as refused:
        Peak(**settings)
    assert str(refused.value) == sentence


def test_a_finding_is_its_value_with_what_is_sure_of_it():
    name, found = Peak.level(0.5, 0.75, [(0.25, 0.2), (1, None)])
    assert name == "level"
    assert found == Estimate(0.5, 0.75, ((0.25, 0.2), (1.0, None)), Status.OK, "")
    assert Peak.word("low")[1] == Estimate("low")
    assert Peak.steps([1.9, 2])[1].value == (1, 2)


def test_a_doubt_makes_it_one_of_low_confidence_and_what_is_withheld_has_a_reason():
    assert Peak.level(0.5, doubt="it is near the edge")[1] == Estimate(
        0.5, None, (), Status.LOW_CONFIDENCE, "it is near the edge"
    )
    assert Peak.level.withheld("it is silent", candidates=[(0.1, None)])[1] == Estimate(
        None, None, ((0.1, None),), Status.NOT_APPLICABLE, "it is silent"
    )


def test_names_that_may_hold_together_come_each_with_its_probability():
    said = Peak.shapes([("round", 1), Label("sharp", 0.2)])[1].value
    assert said == (Label("round", 1.0), Label("sharp", 0.2)) and said[0].name == "round"
    assert json.dumps(said) == '[["round", 1.0], ["sharp", 0.2]]'


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (lambda: Peak.level(10.5), "level must be 0 to 10, not 10.5"),
        (lambda: Peak.level(float("nan")), "level must be a finite number, not nan"),
        (lambda: Half.level(float("-inf")), "level must be a finite number, not -inf"),
        (lambda: Peak.level("loud"), "could not convert string to float: 'loud'"),
        (lambda: Peak.level(1, 1.1), "a confidence is a probability, 0 to 1, not 1.1"),
        (lambda: Peak.level(1, float("nan")), "a confidence is a probability, 0 to 1, not nan"),
        (lambda: Peak.level(1, candidates=[(11, None)]), "level must be 0 to 10, not 11.0"),
        (lambda: Peak.word("middle"), "word must be one of low, high, not middle"),
        (lambda: Peak.steps([1, 101]), "steps must be 0 to 100, not 101"),
        (lambda: Peak.shapes([("flat", 0.5)]), "shapes must be one of round, sharp, not flat"),
        (lambda: Peak.shapes([("round", 1.1)]), "a confidence is a probability, 0 to 1, not 1.1"),
    ],
)
def test_a_finding_that_cannot_be_is_refused_with_a_sentence(report, sentence):
    with pytest.raises(ValueError) as refused:
        report()
    assert str(refused.value) == sentence
