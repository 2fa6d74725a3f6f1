"""Which analyzers run, in what order, and when a result is stale."""

import subprocess
import sys
from dataclasses import replace

import pytest

from samplemind_daemon.analysis.plan import CannotPlan, effective, fingerprints, fit, plan
from samplemind_daemon.model import AnalyzerInfo, Catalogue, Declared


def info(name, *inputs, optional=(), version=1, listens=True, parameters=(), plugin="p"):
    taken = tuple((one, False) for one in inputs) + tuple((one, True) for one in optional)
    outputs = (Declared("value", "float"),)
    return AnalyzerInfo(name, plugin, version, "", listens, tuple(parameters), taken, outputs)


def catalogue(*analyzers, features=1):
    return Catalogue((), analyzers, features)


def prints(*analyzers, settings=None, features=1):
    found = catalogue(*analyzers, features=features)
    return fingerprints(found, fit(found)[0], settings or {})


TEMPO = info("tempo", parameters=[Declared("low", "float", default=60.0)])
TAGS = info("tags", "tempo.value", listens=False)
KEY = info("key")


def test_an_analyzer_comes_after_those_it_builds_upon():
    registry, _ = fit(catalogue(TAGS, KEY, TEMPO))
    assert plan(["tags"], registry) == ("tempo", "tags")


def test_what_is_fresh_is_left_out_of_the_plan():
    registry, _ = fit(catalogue(TAGS, KEY, TEMPO))
    assert plan(registry, registry, fresh={"tempo", "key"}) == ("tags",)


def test_an_unknown_analyzer_cannot_be_planned():
    with pytest.raises(CannotPlan, match="tempi"):
        plan(["tempi"], {})


def test_a_missing_input_leaves_out_only_those_that_need_it():
    needy, proud = info("needy", "ghost.value"), info("proud", "needy.value")
    wishful = info("wishful", optional=["ghost.value"])
    fitting, reasons = fit(catalogue(KEY, needy, proud, wishful))
    assert set(fitting) == {"key", "wishful"}
    assert "ghost.value" in reasons["needy"] and "needy.value" in reasons["proud"]


def test_an_output_that_its_analyzer_does_not_have_is_missing():
    _, reasons = fit(catalogue(KEY, info("needy", "key.colour")))
    assert "key.colour" in reasons["needy"]


def test_a_circle_leaves_out_only_its_members():
    one, two, own = info("one", "two.value"), info("two", "one.value"), info("own", "own.value")
    fitting, reasons = fit(catalogue(KEY, one, two, own))
    assert set(fitting) == {"key"}
    assert "one" in reasons["two"] and "wait for each other" in reasons["own"]


def test_the_analyzers_of_a_plugin_that_is_switched_off_are_left_out():
    fitting, reasons = fit(catalogue(KEY, replace(TEMPO, plugin="off"), TAGS), disabled={"off"})
    assert set(fitting) == {"key"}
    assert "switched off" in reasons["tempo"] and "tempo.value" in reasons["tags"]


def test_a_new_version_stales_the_analyzer_and_what_builds_on_it_and_nothing_else():
    before, after = prints(TEMPO, TAGS, KEY), prints(replace(TEMPO, version=2), TAGS, KEY)
    assert {name for name in before if before[name] != after[name]} == {"tempo", "tags"}


def test_a_setting_stales_but_the_same_value_as_the_default_does_not():
    plain = prints(TEMPO, KEY)
    assert prints(TEMPO, KEY, settings={"tempo": {"low": 60}}) == plain
    changed = prints(TEMPO, KEY, settings={"tempo": {"low": 61}})
    assert changed["tempo"] != plain["tempo"] and changed["key"] == plain["key"]


def test_new_features_stale_only_those_that_listen():
    lone = info("lone", listens=False)
    before, after = prints(KEY, lone), prints(KEY, lone, features=2)
    assert before["key"] != after["key"] and before["lone"] == after["lone"]


def test_a_parameter_that_is_no_longer_there_is_passed_over():
    assert effective(TEMPO, {"low": "70", "gone": 1}) == {"low": 70.0}


def test_plans_and_fingerprints_do_not_depend_on_the_hash_seed():
    program = (
        "from samplemind_daemon.analysis.plan import *; from samplemind_daemon.model import *\n"
        "out = (Declared('value', 'float'),)\n"
        "make = lambda n, *i: AnalyzerInfo(n, 'p', 1, '', True, (), tuple((s, False) for s in i), out)\n"
        "all = [make(c) for c in 'hgfedcba'] + [make('sum', *(c + '.value' for c in 'cabhd'))]\n"
        "c = Catalogue((), tuple(all), 1); r, _ = fit(c)\n"
        "print(plan(r, r), fingerprints(c, r, {}))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(answers) == 1 and answers.pop().startswith(b"('a'")
