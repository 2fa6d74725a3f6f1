"""A model of the user's own says the labels in place of the shipped one, or why it cannot."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from listings import CHECKOUT, disagreements, listings
from own_models import BRIGHT, DARK, as_loud_as, dark_or_bright

from samplemind_plugins.instruments import Instruments
from samplemind_plugins.own.model import LONGEST
from samplemind_plugins.style.genre import Genre
from samplemind_plugins.style.mood import Mood
from samplemind_sdk import RATE, Estimate, File, Status
from samplemind_sdk.testing import check, estimates, noise, silence, tone

LABELS = {"labels": f"{DARK}, {BRIGHT}", "activation": "softmax"}
LOW, HIGH = tone(100, seconds=7), tone(9_000, seconds=7)
LOUD = {"labels": "loud"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "own.onnx"


def heard(path, sound=LOW, **inputs):
    return estimates(Mood(model=str(path)), sound, **inputs)


def labels(path, sound=LOW):
    found = heard(path, sound)["labels"]
    assert found.status == Status.OK, found.reason
    return dict(found.value)


def refused(path, sound=LOW):
    found = heard(path, sound)["labels"]
    assert (found.value, found.status) == (None, Status.FAILED)
    assert found.reason.startswith(f"the model {path} cannot be used: ")
    return found.reason


@pytest.mark.parametrize("analyzer", [Mood, Genre, Instruments])
def test_genre_mood_and_instruments_are_said_by_the_model_that_is_named(analyzer, path):
    dark_or_bright(path, **LABELS)
    for sound, name in ((LOW, DARK), (HIGH, BRIGHT)):
        found = estimates(analyzer(model=str(path)), sound, kind=Estimate("loop"))
        [first, *_] = found["labels"].value
        assert first.name == name and first.probability > 0.7
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert found["made_with"].value == f"own.onnx ({digest[:12]})"
    assert "made_with" not in estimates(analyzer(), LOW, kind=Estimate("loop"))


def test_without_a_model_of_ones_own_all_keep_their_promises():
    check(Mood)


def test_a_model_keeps_the_promises_of_the_contract(path):
    dark_or_bright(path, **LABELS)

    class Own(Mood):
        """Mood with the model."""

        name = "own"

        def __init__(self):
            super().__init__(model=str(path))

    check(Own)


def test_confidence_is_absent_unless_the_model_says_that_it_was_calibrated(path):
    assert heard(dark_or_bright(path, **LABELS))["labels"].confidence is None
    found = heard(dark_or_bright(path, calibrated="yes", **LABELS))["labels"]
    assert found.confidence == found.value[0].probability > 0.7


def test_labels_may_stand_in_the_metadata_as_json_or_in_a_file_beside_the_model(path):
    dark_or_bright(path, labels='["a, b", "c"]', activation="softmax")
    assert set(labels(path)) <= {"a, b", "c"}
    dark_or_bright(path, activation="softmax")
    assert "own.labels.txt" in refused(path)
    path.with_name("own.labels.txt").write_text("d\n\ne\n")
    assert set(labels(path)) <= {"d", "e"}


def test_windows_of_a_fixed_length_have_a_say_by_how_much_of_the_sound_they_hold(path):
    third = np.concatenate([tone(100, seconds=1), tone(9_000, seconds=2)], axis=1)
    hot = {"labels": f"{DARK},{BRIGHT}", "activation": "softmax", "scale": 400.0}
    found = labels(dark_or_bright(path, frames=86, **hot), third)
    assert found[DARK] == pytest.approx(1 / 3, abs=0.03) and found[BRIGHT] == pytest.approx(2 / 3, abs=0.03)


def test_a_sound_shorter_than_the_window_is_filled_up_with_silence(path):
    as_loud_as(path, samples=RATE, **LOUD)
    assert labels(path, tone(440, seconds=0.25, level=1.0))["loud"] == pytest.approx(0.125, abs=1e-3)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_samples_come_at_the_rate_that_the_model_declares(path, rate):
    as_loud_as(path, samples=rate, rate=str(rate), factor=2.0, **LOUD)
    assert labels(path, tone(440, seconds=3, level=0.5))["loud"] == pytest.approx(0.25, abs=2e-3)
    as_loud_as(path, rate=str(rate), factor=2.0, **LOUD)
    assert labels(path, tone(440, seconds=23, level=0.5))["loud"] == pytest.approx(0.25, abs=2e-3)
    far_too_high = tone(15_000, seconds=3, level=0.5)
    assert (labels(path, far_too_high)["loud"] < 0.01) == (rate == 16_000)


def test_sigmoid_makes_probabilities_of_scores(path):
    as_loud_as(path, factor=0.0, activation="sigmoid", **LOUD)
    assert labels(path) == {"loud": 0.5}


def test_a_model_is_asked_only_of_the_kinds_that_it_is_made_for(path):
    dark_or_bright(path, kinds="song, loop", **LABELS)
    assert heard(path, kind=Estimate("loop"))["labels"].status == Status.OK
    found = heard(path, kind=Estimate("one-shot"))["labels"]
    assert (found.status, found.reason) == (
        Status.NOT_APPLICABLE, "the model is made for song, loop, and this is of kind one-shot",
    )  # fmt: skip
    assert heard(path, silence(3))["labels"].reason == "silence"


def test_a_changed_file_is_the_model_from_the_next_sound_on(path):
    dark_or_bright(path, labels="a,b", activation="softmax")
    assert "a" in labels(path)
    dark_or_bright(path, labels="c,d", activation="softmax")
    assert "c" in labels(path)


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        ({"labels": "one", "activation": "softmax"}, "it says 2 numbers, and there are 1 labels"),
        ({"labels": "a,a"}, "comes once, unlike 'a'"),
        ({"labels": "[1,"}, "is no list in JSON"),
        ({"labels": " "}, "it has 0 labels"),
        ({"labels": "a,b", "activation": "relu"}, "'relu' is none of none, softmax, sigmoid"),
        ({"labels": "a,b", "calibrated": "perhaps"}, "calibrated is yes or no, not 'perhaps'"),
        ({"labels": "a,b", "rate": "fast"}, "its rate is 4,000 to 192,000 Hz, not 'fast'"),
        ({"labels": "a,b"}, "and a probability is 0 to 1: does its metadata lack the activation?"),
    ],
)
def test_metadata_that_cannot_be_meant_are_refused_with_a_sentence(path, metadata, why):
    assert why in refused(dark_or_bright(path, scale=40.0, **metadata))


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        ({"bands": 64, "frames": 9}, "it takes mel: tensor(float) [1, 9, 64], not float32 "),
        ({"batch": 8}, "not float32 [1, frames, 96] or [1, samples]"),
        ({"frames": 10_000}, f"it hears 116.1 s at a time, and {LONGEST:g} are the most"),
    ],
)
def test_shapes_that_no_sound_has_are_refused_with_a_sentence(path, shape, why):
    assert why in refused(dark_or_bright(path, **shape, **LABELS))


def test_what_is_no_number_is_no_probability(path):
    as_loud_as(path, factor=-1.0, power=0.5, **LOUD)
    assert "a probability is 0 to 1" in refused(path)
    as_loud_as(path, factor=float("nan"), **LOUD)
    assert "it says what is no number" in refused(path)


def test_a_file_that_is_no_model_is_refused_with_a_sentence(path, tmp_path):
    assert "No such file" in refused(path)
    path.write_bytes(b"RIFF and so on")
    assert "it is no ONNX model that can be run: " in refused(path)
    os.mkfifo(tmp_path / "pipe")
    assert "is no plain file" in refused(tmp_path / "pipe")
    assert "is not a full path" in heard("own.onnx")["labels"].reason


def test_without_onnxruntime_the_reason_says_how_to_get_it(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert "onnxruntime is not installed: pip install" in refused(dark_or_bright(path, **LABELS))


def test_a_model_that_keeps_its_weights_in_other_files_reads_none_of_them(path, tmp_path):
    import onnx

    whole = onnx.load(dark_or_bright(path, **LABELS))
    onnx.save(whole, path, save_as_external_data=True, location="weights.bin", size_threshold=0)
    assert (tmp_path / "weights.bin").stat().st_size > 0
    assert "it is no ONNX model that can be run: " in refused(path)


def test_only_sums_are_kept_of_a_long_sound(path):
    dark_or_bright(path, frames=86, **LABELS)
    mood = Mood(model=str(path))
    estimates(mood, noise(40))
    assert mood.own is not None and sum(map(len, mood.own._windows._waiting)) < 86


def test_a_file_that_is_larger_than_may_be_is_not_read(tmp_path):
    with (tmp_path / "large").open("wb") as file:
        file.truncate(2**28 + 1)
    with pytest.raises(ValueError, match="268,435,456 are the most"):
        File(tmp_path / "large").open()


def test_the_guide_makes_a_model_that_tells_what_it_was_taught(tmp_path):
    for name, hertz in (("night", 150), ("day", 6_000)):
        (tmp_path / "sounds" / name).mkdir(parents=True)
        for take in range(6):
            taught = tone(hertz * (1 + take / 10), seconds=3.9)[0] + noise(3.9, 0.01, take)[0]
            soundfile.write(tmp_path / "sounds" / name / f"{take}.wav", taught, RATE)
    [shown] = [one for one in listings(CHECKOUT / "docs/own-models.md") if one.how == "run by"]
    example = CHECKOUT / "docs" / "examples" / "own_model.py"

    def run(command):
        line = command.replace("python own_model.py", f"{sys.executable} {example}")
        return subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert Path(__file__).name in shown.where and disagreements(shown.transcript, run) == []
    for hertz, name in ((180, "night"), (7_000, "day")):
        fresh = tone(hertz, seconds=5) + noise(5, 0.01, seed=9)
        found = heard(tmp_path / "moods.onnx", fresh, kind=Estimate("loop"))["labels"]
        assert found.value[0].name == name and found.value[0].probability > 0.6
