"""What makes a stream's estimates steady, its beats foretold and its frames whole."""

from dataclasses import replace

import numpy as np
import pytest

from samplemind_daemon.analysis.live.beating import Beat, Beating
from samplemind_daemon.analysis.live.pcm import Format, samples
from samplemind_daemon.analysis.live.settling import Settling
from samplemind_daemon.analysis.live.timeline import Broken, Gap, Timeline
from samplemind_daemon.model import Descriptor

TEMPO = Descriptor("tempo.bpm", 120.0, "BPM", 0.6, "ok", ((60.0, 0.3),), "", "tempo", 1)


def test_a_tempo_keeps_its_octave_while_another_is_only_now_and_then_the_likelier_one():
    settling = Settling()
    for step in range(20):
        settling.see(TEMPO, step / 2)
    assert settling.stability == 1
    swapped = replace(TEMPO, value=60.0, confidence=0.5, candidates=((120.0, 0.4),))
    told = settling.see(swapped, 10.5)
    assert (told.value, told.confidence, told.candidates) == (120.0, 0.4, ((60.0, 0.5),))


def test_a_tempo_gives_way_to_one_that_stays_the_likelier_one():
    settling = Settling()
    for step in range(20):
        settling.see(TEMPO, step / 2)
    other = replace(TEMPO, value=90.0, confidence=0.9, candidates=((120.0, 0.05),))
    told = [settling.see(other, 10 + step / 2).value for step in range(40)]
    assert told[0] == 120 and told[-1] == 90
    assert told == sorted(told, reverse=True)  # it changes once


def test_what_is_not_known_is_not_steady_and_not_held():
    settling = Settling()
    settling.see(TEMPO, 1.0)
    unknown = replace(
        TEMPO, value=None, status="unmeasurable", confidence=None, candidates=(), reason="no pulse"
    )
    assert settling.see(unknown, 2.0).value is None and settling.stability == 0


def test_beats_are_told_once_each_in_order_and_the_next_one_is_foretold():
    beating = Beating()
    assert list(beating.due(1.0)) == []
    beating.learn(120.0, (0.5, 1.0, 1.5))
    assert list(beating.due(1.9)) == [Beat(1.5, 2.0)]
    beating.learn(120.0, (0.5, 1.0, 1.5, 2.02))
    told = [beat for step in range(20, 41) for beat in beating.due(step / 10)]
    assert [round(beat.seconds, 2) for beat in told] == [2.02, 2.52, 3.02, 3.52]
    beating.learn(None, ())
    assert list(beating.due(9.0)) == []


def test_frames_that_come_twice_are_heard_once_and_those_that_never_come_are_counted():
    timeline = Timeline(100)
    assert timeline.place(0, 10) == (None, 0)
    assert timeline.place(5, 10) == (None, 5)
    assert timeline.place(20, 5) == (Gap(15, 5), 0)
    assert timeline.place(0, 5) == (None, 5)
    assert (timeline.received, timeline.missing, timeline.repeated, timeline.gaps) == (25, 5, 10, 1)
    with pytest.raises(Broken):
        timeline.place(25 + 6_001, 1)


@pytest.mark.parametrize(
    ("format", "data"),
    [
        (Format.S16, b"\x00\x80\xff\x7f\x00\x00"),
        (Format.S24, b"\x00\x00\x80\xff\xff\x7f\x00\x00\x00"),
        (Format.F32, np.array([-1, 1, 0], "<f4").tobytes()),
    ],
)
def test_samples_are_those_that_were_sent(format, data):
    found = samples(data, format, 1)
    assert found.dtype == np.float32 and found.shape == (3, 1)
    assert found[:, 0].tolist() == pytest.approx([-1, 1, 0], abs=2e-4)
