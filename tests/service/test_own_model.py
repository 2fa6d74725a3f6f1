"""A model of the owner's own in a real daemon: named, used, changed, and refused where it cannot be."""

import io
import json
import time
from uuid import uuid4

import numpy as np
import pytest
import soundfile
from own_models import BRIGHT, DARK, dark_or_bright
from raw_calls import Channel, Person

from samplemind.v1 import analysis_pb2 as pb
from samplemind.v1 import audio_pb2

HOT = {"activation": "softmax", "scale": 40.0}


class Owner(Person):
    """The daemon's owner."""

    def __init__(self, process):
        self.channel, self.headers = Channel(process.address), [("x-api-key", process.owner_key)]

    def name_model(self, path, analyzer="mood"):
        values = {"model": json.dumps(str(path))}
        return self("PluginService/Configure", analyzer=analyzer, values_json=values, request_id=str(uuid4()))

    def found(self, audio):
        """What is known of a sound once it has been analysed now."""
        answers = self(
            "AnalysisService/Analyze", audio_id=audio.id, request_id=str(uuid4()), whole=True
        ).answers
        assert answers[-1].result.audio.state == audio_pb2.AUDIO_STATE_COMPLETED
        return {one.name: one for one in answers[-1].result.descriptors}


@pytest.fixture
def owner(own_daemon):
    owner = Owner(own_daemon())
    yield owner
    owner.channel.close()


@pytest.fixture
def bright():
    """The bytes of a file of three seconds of 9 kHz."""
    file = io.BytesIO()
    soundfile.write(
        file, 0.5 * np.sin(2 * np.pi * 9_000 * np.arange(3 * 44_100) / 44_100), 44_100, format="WAV"
    )
    return file.getvalue()


@pytest.fixture
def model(tmp_path):
    return dark_or_bright(tmp_path / "own.onnx", labels=f"{DARK},{BRIGHT}", **HOT)


def test_the_moods_are_those_of_the_named_model_and_say_which_it_was(owner, bright, model):
    audio = owner.upload(bright)
    assert "mood.made_with" not in owner.found(audio)
    plugin = owner.name_model(model).answer.plugin
    [mood] = [one for one in plugin.analyzers if one.name == "mood"]
    assert [(one.name, one.type, one.value_json) for one in mood.parameters] == [
        ("model", "File", json.dumps(str(model)))
    ]
    found = owner.found(audio)
    assert found["mood.labels"].value.labels.values, found["mood.labels"]
    assert found["mood.labels"].value.labels.values[0].name == BRIGHT
    assert found["mood.labels"].status == pb.DESCRIPTOR_STATUS_OK
    assert not found["mood.labels"].HasField("confidence")
    assert found["mood.made_with"].value.text.startswith("own.onnx (")


def test_a_changed_model_makes_its_moods_stale_and_nothing_else(owner, bright, model):
    owner.name_model(model)
    audio = owner.upload(bright)
    before = owner.found(audio)
    dark_or_bright(model, labels="night,day", **HOT)
    deadline = time.monotonic() + 20
    while (after := owner.found(audio))["mood.labels"].value.labels.values[0].name != "day":
        assert time.monotonic() < deadline
        time.sleep(0.2)
    changed = {name for name in before if after[name].fingerprint != before[name].fingerprint}
    built_upon_it = {"tags.words", "description.text"}
    assert {"mood.labels", "mood.made_with"} <= changed <= {"mood.labels", "mood.made_with"} | built_upon_it


def test_a_model_that_cannot_be_used_costs_its_own_labels_only(owner, bright, tmp_path):
    (tmp_path / "broken.onnx").write_bytes(b"\x08\x09nothing")
    assert owner.name_model(tmp_path / "broken.onnx").code == "OK"
    found = owner.found(owner.upload(bright))
    mood = found["mood.labels"]
    assert mood.status == pb.DESCRIPTOR_STATUS_FAILED and "no ONNX model that can be run" in mood.reason
    assert found["loudness.integrated"].status == pb.DESCRIPTOR_STATUS_OK


@pytest.mark.parametrize(
    ("path", "why"),
    [("own.onnx", "is not a full path"), ("/no/such/file", "No such file"), ("/dev", "cannot be read")],
)
def test_a_file_that_cannot_be_read_is_refused_when_it_is_named(owner, path, why):
    refused = owner.name_model(path)
    assert (refused.code, refused.reason) == ("INVALID_ARGUMENT", "INVALID_SETTING")
    assert refused.fields == ("values_json.model",) and why in refused.message


def test_only_the_owner_names_files_of_the_daemon(owner, model):
    ada = Person(owner.channel)
    values = {"model": json.dumps(str(model))}
    for headers in (ada.headers, ada.make_key()[1]):
        refused = owner.channel.call(
            "PluginService/Configure", headers, analyzer="mood", values_json=values, request_id=str(uuid4())
        )
        assert refused.code == "PERMISSION_DENIED"
