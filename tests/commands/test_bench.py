"""`samplemindd bench`: what it says of a folder whose sounds are known, because they were made."""

import json
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from samplemind_daemon.analysis.scores import bins, calibration_error, meter
from samplemind_daemon.commands.figures import Figures, Speed, lines, objects
from samplemind_daemon.commands.labels import CannotRead, read_labels
from samplemind_daemon.commands.measures import MEASURES, measure
from samplemind_daemon.model import Descriptor
from samplemind_sdk import RATE
from samplemind_sdk.testing import clicks

TEMPO, KEY = MEASURES[0], next(one for one in MEASURES if one.title == "key, MIREX")
STANDSTILL = Speed(0, 0, 0.0, 0.0)


def labelled(folder, text):
    folder.mkdir(exist_ok=True)
    (folder / "labels.csv").write_text(text)
    return read_labels(folder)


def found(value, confidence=None, candidates=(), name="tempo.bpm"):
    return {name: Descriptor(name, value, "", confidence, "ok", candidates, "", name.partition(".")[0], 1)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("mine")
    for bpm in (90, 120, 140):
        soundfile.write(place / f"{bpm}.wav", clicks(bpm, 12).T, RATE)
    sine = 10 ** (-20 / 20) * np.sin(2 * np.pi * 997 * np.arange(10 * RATE) / RATE)
    soundfile.write(place / "tone.wav", np.stack([sine, sine], axis=1), RATE)
    (place / "broken.wav").write_bytes(b"RIFF and nothing else")
    rows = (
        "File,Tempo,LUFS",
        "90.wav,90,",
        "120.wav,120,",
        "140.wav,100,",
        "broken.wav,128,",
        "tone.wav,,-20",
    )
    (place / "labels.csv").write_text("\n".join(rows))
    return place


def bench(*arguments):
    command = [sys.executable, "-m", "samplemind_daemon", "bench", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=100)


@pytest.fixture(scope="module")
def done(folder, tmp_path_factory):
    return bench(folder, "--json", "--home", tmp_path_factory.mktemp("home"))


def test_a_folder_is_scored_by_its_labels_and_files_that_cannot_be_heard_count_as_wrong(done):
    *measures, speed = map(json.loads, done.stdout.splitlines())
    by_title = {one["measure"]: one for one in measures}
    assert by_title["tempo, Acc1"]["files"] == 4
    assert by_title["tempo, Acc1"]["score"] == 0.5
    assert by_title["loudness, off by"]["score"] < 0.1
    assert (speed["files"], speed["failed"]) == (5, 1)
    assert speed["seconds_a_file"] > 0 and speed["times_realtime"] > 1
    assert done.returncode == 1
    assert "broken.wav" in done.stderr


def test_only_what_has_labels_is_measured(done):
    titles = [json.loads(line).get("measure") for line in done.stdout.splitlines()]
    assert titles == ["tempo, Acc1", "tempo, Acc2", "loudness, off by", None]


@pytest.mark.parametrize(
    ("rows", "words"), [("file,bpm\na.wav,fast", "bpm cannot be 'fast'"), (None, "labels.csv")]
)
def test_labels_that_cannot_be_read_are_bad_usage_and_named(tmp_path, rows, words):
    if rows:
        (tmp_path / "labels.csv").write_text(rows)
    done = bench(tmp_path, "--home", tmp_path / "home")
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_columns_and_words_are_understood_however_they_are_spelled(tmp_path):
    text = "Filename,Key,Time Signature,Class,Loudness\nx.wav,Bbm,6/8,Open_HiHat,-14.5\ny.wav,F,,One Shot,\n"
    one, other = labelled(tmp_path, text).values()
    expected = {"key": "A# minor", "tonic": "A#", "meter": "6/8", "oneshot": "open hi-hat", "lufs": -14.5}
    assert one == expected
    assert other == {"tonic": "F", "kind": "one-shot"}


def test_what_plays_a_loop_is_no_class_of_one_shot(tmp_path):
    assert labelled(tmp_path, "file,bpm,instrument\na.wav,120,snare\n").popitem()[1] == {"bpm": 120.0}


def test_infinite_and_negative_tempi_are_refused(tmp_path):
    for wrong in ("inf", "nan", "-1", "0"):
        with pytest.raises(CannotRead, match="line 2"):
            labelled(tmp_path, f"file,bpm\na.wav,{wrong}\n")


def test_a_withheld_answer_counts_with_its_first_candidate(tmp_path):
    labels = labelled(tmp_path, "file,bpm\na.wav,120\nb.wav,100\n")
    first, second = labels
    answers = {first: found(None, None, ((120.0, 0.4), (60.0, 0.2))), second: found(50.0, 0.75)}
    outcome = measure(TEMPO, labels, answers)
    assert (outcome.score.mean, outcome.withheld, outcome.answered.mean) == (0.5, 0.5, 0.0)
    assert outcome.calibration == pytest.approx(0.75)


def test_what_no_analyzer_offers_is_said_not_to_be_there(tmp_path):
    labels = labelled(tmp_path, "file,key\na.wav,A minor\n")
    figures = Figures([measure(KEY, labels, {})], {"tempo.bpm"}, STANDSTILL)
    assert "key.key is not there" in "\n".join(lines(figures))
    assert json.loads(next(objects(figures)))["score"] is None


def test_calibration_error_is_the_distance_of_what_is_said_from_what_is_true():
    said = [(0.95, True)] * 19 + [(0.95, False)] + [(0.35, True)] * 5 + [(0.35, False)] * 5
    assert calibration_error(said) == pytest.approx(0.15 / 3)
    assert [(one.count, round(one.right, 2)) for one in bins(said)] == [(10, 0.5), (20, 0.95)]
    assert calibration_error([]) is None


def test_the_beats_of_a_bar_alone_are_enough_to_score_a_meter():
    assert meter("3", "3/4") and meter("2", "6/8") and meter("6", "6/8")
    assert not meter("4", "3/4") and not meter("6/8", "3/4") and not meter("4", None)
