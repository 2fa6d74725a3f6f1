"""`samplemindd plugins test` finds out what is wrong with a plugin, whatever it does meanwhile."""

import json
import subprocess
import sys
import textwrap

import pytest

PLUGIN = """
    import ctypes, os, random
    from samplemind_sdk import Analyzer, Output, hookimpl

    class Height(Analyzer):
        "How high it goes."
        name = "height"
        level = Output(low=0, high=10)
        highest = 0.0
        def update(self, block): self.highest = max(self.highest, float(abs(block.samples).max()))
        def describe(self): yield self.level(self.highest)
"""
FAULTY = """
    class Nonsense(Height):
        "A height that is none."
        name = "nonsense"
        def describe(self): yield self.level(-1.0)

    class Fickle(Height):
        "A height that is none."
        name = "fickle"
        def describe(self): yield self.level(random.random())

    class Raises(Height):
        "A height that is none."
        name = "raises"
        def update(self, block): raise KeyError("no such bin")

    class Crashes(Height):
        "A height that is none."
        name = "crashes"
        def update(self, block): ctypes.string_at(0)

    class Leaves(Height):
        "A height that is none."
        name = "leaves"
        def update(self, block): os._exit(3)
"""
OFFER = """
    @hookimpl
    def analyzers():
        return [{}]
"""
PROBLEMS = {
    "nonsense": "level must be 0 to 10, not -1.0",
    "fickle": "an instance hears one sound only",
    "raises": "KeyError: 'no such bin'",
    "crashes": "was killed by SIGSEGV",
    "leaves": "exited with status 3",
}


def run_trial(home, name, *words):
    line = [sys.executable, "-m", "samplemind_daemon", "plugins", "test", name, "--home", str(home), *words]
    return subprocess.run(line, capture_output=True, timeout=120, check=False, text=True)


@pytest.fixture
def home(tmp_path):
    """A home with one plugin that is good, one with five analyzers that are not, and one that is none."""
    faulty = "Nonsense, Fickle, Raises, Crashes, Leaves"
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "good.py").write_text(textwrap.dedent(PLUGIN + OFFER.format("Height")))
    text = PLUGIN + FAULTY + OFFER.format(faulty)
    (tmp_path / "plugins" / "faulty.py").write_text(textwrap.dedent(text))
    (tmp_path / "plugins" / "broken.py").write_text("import no_such_module")
    return tmp_path


def test_a_plugin_that_keeps_its_promises_is_said_to(home):
    done = run_trial(home, "good")
    assert (done.stdout, done.returncode) == ("height keeps its promises\n", 0), done.stderr


def test_each_analyzer_that_breaks_one_is_told_which_and_the_others_are_tried_too(home):
    done = run_trial(home, "faulty", "--json")
    verdicts = {one["analyzer"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert (verdicts.keys(), done.returncode) == (PROBLEMS.keys(), 1)
    for name, problem in PROBLEMS.items():
        assert problem in verdicts[name]["problems"][0], name
    assert "clicks: the worker was killed by SIGSEGV" in verdicts["crashes"]["problems"]


def test_one_that_cannot_be_used_and_one_that_is_not_there_are_said(home):
    done = run_trial(home, "broken")
    assert "broken fails\n  it cannot be used: ModuleNotFoundError" in done.stdout and done.returncode == 1
    done = run_trial(home, "nothing")
    assert "there is no plugin 'nothing', but " in done.stderr and done.returncode == 2
