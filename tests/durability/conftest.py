"""What tests of durability share: commands, senders that note what was acknowledged, and the check afterwards."""

import json
import subprocess
import sys

import pytest


@pytest.fixture
def samplemindd(tmp_path):
    """Runs a command of the daemon's."""

    def run(*words, **more):
        command = [sys.executable, "-m", "samplemind_daemon", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path, **more)

    return run


@pytest.fixture
def violations(samplemindd):
    """What `samplemindd check` finds in a home."""

    def look(home):
        done = samplemindd("check", "--json", "--home", home)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == (1 if found else 0), done.stderr
        return found

    return look
