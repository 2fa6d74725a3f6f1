"""With REQUIRE_ALL=1, a skip is a failure; without, it is a skip."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RULE = Path(__file__).with_name("conftest.py")
TESTS = """
import pytest
@pytest.mark.skip(reason="there is no such thing here")
def test_skipped(): ...
def test_passed(): ...
"""
WHOLE = """
import pytest
pytest.importorskip("no_such_module")
"""
EXPECTED = """
import pytest
@pytest.mark.xfail
def test_expected(): assert False
"""


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize(
    ("text", "required", "status"),
    [(TESTS, "1", 1), (TESTS, "0", 0), (WHOLE, "1", 1), (EXPECTED, "1", 0)],
)
def test_a_skip_is_a_failure_where_all_are_required(tmp_path, text, required, status, workers):
    shutil.copy(RULE, tmp_path)
    shutil.copy(RULE.with_name("daemon_process.py"), tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    (tmp_path / "test_here.py").write_text(text)
    (tmp_path / "test_there.py").write_text("def test_passed(): ...")
    line = [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "-p", "no:cacheprovider"]
    done = subprocess.run(
        line, cwd=tmp_path, capture_output=True, text=True, check=False, env={"REQUIRE_ALL": required}
    )
    assert done.returncode == status, done.stdout
    assert ("REQUIRE_ALL=1: tests were skipped" in done.stdout) == bool(status)
