"""connect-web, which the web app calls the daemon by, does all that it needs through the door."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2
from google.rpc import error_details_pb2
from raw_calls import MODULES, PASSWORD

HERE = Path(__file__).parent
UPLOAD = HERE.parents[1] / "docs" / "examples" / "upload.mjs"
INSTALLED = Path(sys.prefix) / "connect" / "node_modules"


def descriptors():
    """The files that the messages are declared in, each after those that it needs."""
    found = {}

    def add(file):
        for one in file.dependencies:
            add(one)
        found.setdefault(file.name, file)

    for module in (duration_pb2, error_details_pb2, *MODULES):
        add(descriptor_pool.Default().FindFileByName(module.DESCRIPTOR.name))
    all_of_them = descriptor_pb2.FileDescriptorSet()
    for file in found.values():
        file.CopyToProto(all_of_them.file.add())
    return all_of_them.SerializeToString()


@pytest.fixture
def steps(house, ada, make_sound, tmp_path):
    """What a page in node told of each step."""
    if (node := shutil.which("node")) is None or not INSTALLED.is_dir():
        pytest.skip("connect-web is not installed: `make test` brings it where there are node and npm")
    for script in (HERE / "connect.mjs", UPLOAD):
        shutil.copy(script, tmp_path)
    (tmp_path / "node_modules").symlink_to(INSTALLED)
    (tmp_path / "descriptors").write_bytes(descriptors())
    (tmp_path / "loop.wav").write_bytes(make_sound(77, 8.0))
    done = subprocess.run(
        [node, "connect.mjs", house.web, "descriptors", ada.email, PASSWORD, "loop.wav"],
        cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return {one.pop("step"): one for one in told} | {"sha256": sha256(tmp_path / "loop.wav")}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_page_signs_in_uploads_listens_and_is_refused_as_it_should_be(steps, ada):
    assert (steps["stranger"]["code"], steps["stranger"]["reason"]) == ("Unauthenticated", "UNAUTHENTICATED")
    assert steps["guess"]["code"] == "Unauthenticated"
    assert steps["login"] == {"email": ada.email, "tokens": "", "cookies": 2}
    assert steps["me"]["email"] == ada.email and steps["limits"]["remaining"] > 0
    assert steps["fields"]["reason"] == "INVALID_UPLOAD"
    assert steps["fields"]["fields"] == ["name", "sha256", "size_bytes"]
    assert steps["abort"]["code"] == "Canceled" and steps["deadline"]["code"] == "DeadlineExceeded"
    assert all(0 < gap < 5_000 for gap in steps["heartbeats"]["gaps"])
    assert steps["half"]["committed"] == steps["half"]["half"]
    assert (steps["gap"]["code"], steps["gap"]["reason"]) == ("FailedPrecondition", "WRONG_OFFSET")
    assert steps["upload"] == {"sha256": steps["sha256"], "same": True}
    assert "loudness.integrated" in steps["analysis"]["descriptors"]
    assert steps["download"]["same"]
    assert steps["refresh"] == {"renewed": True, "cookies": 2}
    assert (steps["logout"]["cookies"], steps["logout"]["reason"]) == (0, "UNAUTHENTICATED")
