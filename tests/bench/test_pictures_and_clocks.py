"""What the bench draws and clocks is what it was given."""

from time import process_time
from xml.etree import ElementTree

import numpy as np
import soundfile
from bench.reliability import Curve, Panel, draw
from bench.stopwatch import hear_watched

from samplemind_daemon.analysis.scores import Bin
from samplemind_sdk import RATE, Analyzer, Output, feature

SVG = "{http://www.w3.org/2000/svg}"


def burn(seconds):
    until = process_time() + seconds
    while process_time() < until:
        pass


@feature
def costly(block):
    burn(0.2)
    return 1.0


class First(Analyzer):
    """Takes the feature first, and does little."""

    name = "first"
    level = Output()

    def update(self, block):
        costly(block)

    def describe(self):
        yield self.level(1.0)


class Second(Analyzer):
    """Takes the same feature, and burns time of its own."""

    name = "second"
    level = Output()

    def update(self, block):
        costly(block)
        burn(0.1)

    def describe(self):
        yield self.level(1.0)


def test_a_picture_has_a_dot_for_each_bin_at_its_place(tmp_path):
    curve = Curve("songs & <loops>", [Bin(10, 0.0, 0.0), Bin(30, 1.0, 1.0)])
    draw([Panel("tempo", [curve]), Panel("key", [])], tmp_path / "one.svg")
    picture = ElementTree.parse(tmp_path / "one.svg").getroot()
    low, high = picture.findall(f"{SVG}circle")
    assert float(low.get("cx")) < float(high.get("cx"))
    assert float(low.get("cy")) > float(high.get("cy"))
    assert float(low.get("r")) < float(high.get("r"))
    words = [text.text for text in picture.iter(f"{SVG}text")]
    assert {"tempo", "key", "songs & <loops>", "not said"} <= set(words)


def test_a_shared_feature_is_clocked_once_and_apart_from_who_takes_it(tmp_path):
    soundfile.write(tmp_path / "noise.wav", np.random.default_rng(1).uniform(-0.5, 0.5, RATE), RATE)
    seconds = hear_watched(str(tmp_path / "noise.wav"), [First, Second])
    shared = next(took for what, took in seconds.items() if what.endswith("costly"))
    assert 0.2 <= shared < 0.35
    assert seconds["first"] < 0.1
    assert 0.1 <= seconds["second"] < 0.2
