"""The client in C++."""

import json
import shlex

import pytest
from languages.tours import Language, compose, walk

from samplemind_client import Client

HERE = Language(
    "cpp", needs=("cmake", "g++", "grpc_cpp_plugin"), tests="ctest --test-dir build --output-on-failure"
)
pytestmark = pytest.mark.timeout(1_800)


def test_it_does_all_that_a_client_does(own_daemon, tmp_path):
    walk(HERE, own_daemon, tmp_path)


def test_its_own_tests_pass():
    HERE.build()
    HERE.run(HERE.tests)


def test_a_host_that_plays_a_file_hears_of_it_what_a_file_is_heard_to_be(own_daemon, tmp_path):
    HERE.build()
    daemon = own_daemon()
    compose(file := tmp_path / "loop.wav")
    line = (
        f"build/companion {daemon.address} --key {daemon.owner_key} --fast --report {shlex.quote(str(file))}"
    )
    report = json.loads(HERE.run(line).splitlines()[-1])
    with Client(daemon.address, key=daemon.owner_key) as client:
        sound = client.upload(file)
        *_, known = client.analyze(sound.id)
    assert report["frames"] == report["sent"] == 8 * 341_419 and report["dropped"] == report["gaps"] == 0
    found = known.analysis.descriptors
    assert {"tempo.bpm", "key.key", "loudness.integrated"} <= set(report["finals"])
    assert {name: found[name].value for name in report["finals"]} == report["finals"]
