"""People read what a sound is first, and no lists that are for programs; both commands print the same."""

import pytest

from samplemind_client.commands import rows as theirs
from samplemind_client.values.analysis import Candidate, Label
from samplemind_client.values.analysis import Descriptor as Told
from samplemind_daemon.commands import rows as ours
from samplemind_daemon.model import Descriptor

FOUND = (
    ("onsets.times", tuple(number / 4 for number in range(1_024)), "s", None, "ok", "", "onsets"),
    ("waveform.peaks", (0.5,) * 9, "", None, "ok", "", "waveform"),
    ("loudness.range", 3.0, "LU", None, "ok", "", "loudness"),
    ("loudness.integrated", -14.0, "LUFS", None, "ok", "", "loudness"),
    ("key.camelot", "8A", "", 0.9, "ok", "", "key"),
    ("file.bpm", 64.0, "BPM", None, "low_confidence", "the ID3 tag says 128", "file name"),
    ("key.key", "A minor", "", 0.9, "ok", "", "key"),
    ("mine.beats", (1.0, 2.0), "s", None, "ok", "", "mine"),
    ("tempo.bpm", 128.0, "BPM", 0.9, "ok", "", "tempo"),
    ("instruments.labels", (("drums", 0.9), ("koto", 0.004)), "", None, "ok", "", "instruments"),
    ("genre.labels", (("jazz", 0.001), ("rock", 0.002)), "", None, "ok", "", "genre"),
    ("tags.words", tuple(f"word{number}" for number in range(22)), "", None, "ok", "", "tags"),
    ("spectrum.mel", None, "", None, "failed", "MemoryError: ", "spectrum"),
    ("meter.signature", None, "", None, "not_applicable", "a one-shot has no meter", "meter"),
    ("kind.label", "loop", "", 0.95, "ok", "", "kind"),
)
LINES = [
    "  kind.label                 loop  (95% sure)",
    f"  tags.words                 {', '.join(f'word{number}' for number in range(20))} … 22 in all",
    "  tempo.bpm                  128.00 BPM  (90% sure)",
    "  file.bpm                   64.00 BPM  (file name)  ? the ID3 tag says 128",
    "  meter.signature            - not applicable: a one-shot has no meter",
    "  key.key                    A minor  (90% sure)",
    "  key.camelot                8A  (90% sure)",
    "  loudness.integrated        -14.00 LUFS",
    "  loudness.range             3.00 LU",
    "  instruments.labels         drums 90%",
    "  genre.labels               none",
    "  onsets.times               1,024 numbers, 0.00 to 255.75 s",
    "  mine.beats                 1.00, 2.00 s",
    "  spectrum.mel               - failed: MemoryError: ",
]


def test_samplemindd_prints_what_a_sound_is_first_and_nothing_that_is_for_programs():
    found = [
        Descriptor(name, value, unit, sure, status, (), reason, made_by, 1)
        for name, value, unit, sure, status, reason, made_by in FOUND
    ]
    assert list(ours.rows(found)) == LINES


def told(name, value, unit, sure, status, reason, made_by, candidates=()):
    if name.endswith(".labels"):
        value = tuple(Label(*one) for one in value)
    return Told(name, value, unit, sure, status, candidates, reason, made_by, 1, "")


def test_samplemind_prints_the_same_lines_in_the_same_order():
    assert list(theirs.rows([told(*one) for one in FOUND])) == LINES
    assert theirs.ORDER == ours.ORDER and theirs.FOR_PROGRAMS == ours.FOR_PROGRAMS


@pytest.mark.parametrize(("sure", "shown"), [(0.3, True), (0.01, True), (0.0099, False), (None, True)])
def test_a_candidate_is_shown_unless_it_is_less_than_one_percent_sure(sure, shown):
    one = told("tempo.bpm", 128.0, "BPM", 0.9, "ok", "", "tempo", (Candidate(64.0, sure),))
    assert len(list(theirs.rows([one], candidates=True))) == 1 + shown
    assert len(list(theirs.rows([one]))) == 1
