"""What the tests of the installation share: the checkout, and programs that may not be there."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(CHECKOUT / "deploy" / "root")]


@pytest.fixture
def checkout():
    return CHECKOUT


@pytest.fixture
def program():
    """Where a program is; a test that needs one that is not here is skipped, and says which."""

    def find(name):
        beside = Path(sys.executable).with_name(name)
        found = str(beside) if beside.exists() else shutil.which(name)
        if found is None:
            pytest.skip(f"{name} is not installed")
        return found

    return find


@pytest.fixture
def says():
    """Runs a program to its end, and gives its status and all that it printed."""

    def run(*line, **how):
        done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=100, **how)
        return done.returncode, done.stdout + done.stderr

    return run
