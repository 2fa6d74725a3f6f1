"""A plugin that says too much, or nonsense, costs its own outputs for that file; the daemon stays small."""

import textwrap

import psutil
import pytest

from samplemind_daemon.work.protocol import Task

PLUGIN = """
    import os
    from samplemind_sdk import Analyzer, Estimate, Output, hookimpl, parameter

    class Flood(Analyzer):
        "Says too much, or what it must not."
        name = "flood"
        deed = parameter("")
        level = Output(low=0, high=10)
        many = Output(many=True)
        word = Output(kind=str)

        def update(self, block):
            if self.deed == "print":
                for _ in range(512):
                    os.write(1, b"x" * 2**19)
                    os.write(2, b"x" * 2**19)

        def describe(self):
            match self.deed:
                case "long": yield self.word("x" * 2**30)
                case "many": yield self.many([0.123456789] * 10**7)
                case "several": yield self.many([0.123456789] * 10**6)
                case "endless": yield from iter(lambda: self.level(1.0), None)
                case "nan": yield self.level(float("nan"))
                case "range": yield self.level(11.0)
                case "type": yield "level", Estimate({"a": 1})
                case "whole": yield "level", 3.0
                case "stranger": yield "nothing", Estimate(1.0)
                case "nothing": return None
                case _: yield self.level(1.0)

    class Other(Analyzer):
        "Hears the same file."
        name = "other"
        samples = Output(kind=int)
        heard = 0
        def update(self, block): self.heard += block.length
        def describe(self): yield self.samples(self.heard)

    @hookimpl
    def analyzers():
        return [Flood, Other]
"""
DEEDS = {  # and what is said of each
    "long": "length of 1,073,741,824", "many": "8,388,608 bytes are the most",
    "several": "bytes, and 8,388,608 are the most",
    "endless": "reported level twice",
    "nan": "finite", "range": "0 to 10, not 11.0", "type": "cannot be", "whole": "must be an Estimate, not float",
    "stranger": "which it does not declare",
}  # fmt: skip


@pytest.fixture
def flooded(folder):
    (folder / "trouble.py").write_text(textwrap.dedent(PLUGIN))


async def test_what_is_too_much_or_nonsense_costs_its_own_outputs_and_the_daemon_stays_small(
    flooded, hire, sound
):
    crew = await hire()
    before, most = psutil.Process().memory_info().rss, 0
    for deed in [*DEEDS, "nothing", "print"]:
        heard = await crew.run(Task(sound, ("flood", "other"), {"flood": {"deed": deed}}))
        most = max(most, psutil.Process().memory_info().rss)
        assert heard.found["other"][0].value == 44_100, deed
        said = heard.found["flood"]
        if deed in DEEDS:
            assert {one.status for one in said} == {"failed"} and DEEDS[deed] in said[0].reason, (deed, said)
    print(f"daemon +{(most - before) / 2**20:.0f} MiB, {crew.status()}")
    assert said[0].value == 1.0 and crew.status().respawns == 0
    assert most - before < 50 * 2**20
