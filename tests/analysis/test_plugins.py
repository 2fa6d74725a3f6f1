"""Plugins are found, and a broken one is left out with the reason."""

import json
import textwrap

import pytest

from samplemind_daemon.analysis import catalogue, plugins
from samplemind_daemon.model import PluginInfo

GOOD = """
    from samplemind_sdk import Analyzer, Input, Output, hookimpl, parameter

    class Loud(Analyzer):
        "How loud it is."
        name, version = "{name}", 3
        gain = parameter(2.0, unit="dB", low=0, high=9, help="Added.")
        other = Input("tempo.bpm", optional=True)
        level = Output(unit="dB", low=-90)

        def update(self, block): ...
        def describe(self): yield self.level(0)

    @hookimpl
    def analyzers():
        return [Loud]
"""


@pytest.fixture
def folder(tmp_path):
    def put(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(textwrap.dedent(text))
        return tmp_path

    return put


def problems(found):
    return {one.name: one.problem for one in found.catalogue.plugins}


def test_a_dropped_in_file_offers_its_analyzers(folder):
    found = plugins.find(folder(good=GOOD.format(name="loud")))
    [info] = [one for one in found.catalogue.analyzers if one.plugin == "good"]
    assert (info.name, info.version, info.listens, info.inputs) == ("loud", 3, True, (("tempo.bpm", True),))
    assert (info.parameters[0].default, info.parameters[0].high) == (2.0, 9.0)
    assert (info.outputs[0].low, info.outputs[0].high) == (-90.0, None)
    assert found.analyzers["loud"].version == 3


def test_an_installed_plugin_is_found_by_its_entry_point(tmp_path, monkeypatch):
    (tmp_path / "stranger.py").write_text(textwrap.dedent(GOOD.format(name="strange")))
    info = tmp_path / "samplemind_stranger-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: samplemind-stranger\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("[samplemind]\nstranger = stranger\nghost = ghost_module\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = plugins.find()
    assert PluginInfo("stranger", "samplemind-stranger 1.2") in found.catalogue.plugins
    assert "ghost_module" in problems(found)["ghost"]
    assert "strange" in found.analyzers


BROKEN = {
    "import": ("import no_such_module_anywhere", "no_such_module_anywhere"),
    "syntax": ("def (:", "SyntaxError"),
    "exit": ("raise SystemExit(3)", "SystemExit"),
    "mute": ("x = 1", "analyzers()"),
    "wrong": (GOOD.replace("[Loud]", "[Loud, 7]").format(name="wrong"), "7 is not an Analyzer"),
    "name": (GOOD.format(name="No Name"), "No Name"),
    "reserved": (GOOD.format(name="file"), "no analyzer can be called so"),
    "version": (GOOD.replace("3", "0").format(name="zero"), "version of zero"),
    "begin": (
        GOOD.replace("def update", "def begin(self): 1 / 0\n        def update").format(name="unready"),
        "ZeroDivisionError",
    ),
    "hook": (GOOD.replace("return [Loud]", "raise OSError('no licence')").format(name="h"), "no licence"),
    "default": (GOOD.replace("2.0", "object()").format(name="odd"), "odd.gain"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plugin_is_left_out_with_the_reason_and_the_others_are_used(folder, kind):
    text, reason = BROKEN[kind]
    found = plugins.find(folder(bad=text, good=GOOD.format(name="loud")))
    assert reason in problems(found)["bad"] and problems(found)["good"] == ""
    assert [one.name for one in found.catalogue.analyzers if one.plugin in ("bad", "good")] == ["loud"]


def test_a_name_that_is_taken_is_refused(folder):
    found = plugins.find(folder(a=GOOD.format(name="loud"), b=GOOD.format(name="loud")))
    assert problems(found)["a"] == "" and "already an analyzer called loud" in problems(found)["b"]


def test_a_harmful_plugin_is_not_touched(folder):
    place = folder(bomb="raise AssertionError('touched')", good=GOOD.format(name="loud"))
    announced = []
    harmful = PluginInfo("bomb", str(place / "bomb.py"), "it kills")
    found = plugins.find(place, [harmful], lambda name, origin: announced.append(name))
    assert problems(found)["bomb"] == "it kills"
    assert "good" in announced and "bomb" not in announced


def test_a_catalogue_survives_json(folder):
    found = plugins.find(folder(good=GOOD.format(name="loud"), bad="raise OSError('\\udcff')")).catalogue
    text = json.dumps(found, default=vars, allow_nan=False)
    assert catalogue.from_json(json.loads(text)) == found
