"""The client in C++."""

import pytest
from languages.tours import Language, walk

HERE = Language(
    "cpp", needs=("cmake", "g++", "grpc_cpp_plugin"), tests="ctest --test-dir build --output-on-failure"
)
pytestmark = pytest.mark.timeout(1_800)


def test_it_does_all_that_a_client_does(own_daemon, tmp_path):
    walk(HERE, own_daemon, tmp_path)


def test_its_own_tests_pass():
    HERE.build()
    HERE.run(HERE.tests)
