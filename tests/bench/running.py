"""Commands run on one core, with one thread, and what they say they took."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from asking import HERE, ONE_THREAD, PYTHON
from ours import COMMAND

OUR_PYTHON = COMMAND.with_name("python")


def ours(sound: Path, short: Path) -> dict[str, Any]:
    """What our analyzers take in one process."""
    return took([OUR_PYTHON, HERE / "hearing.py", sound, short])


def theirs(name: str, sound: Path, short: Path) -> dict[str, Any]:
    """What another program takes: one of those in costing.py."""
    return took([PYTHON, HERE / "costing.py", name, sound, short])


def took(command: list[str | Path]) -> dict[str, Any]:
    """What the command says in its last line; RuntimeError if it fails."""
    found: dict[str, Any] = json.loads(run(command).splitlines()[-1])
    return found


def wall(command: list[str | Path]) -> float:
    """The seconds that pass until it ends."""
    start = time.perf_counter()
    run(command)
    return time.perf_counter() - start


def run(command: list[str | Path]) -> str:
    """What the command prints; RuntimeError if it fails."""
    core = str(min(os.sched_getaffinity(0)))
    pinned = ["taskset", "--cpu-list", core, *command]
    done = subprocess.run(pinned, capture_output=True, text=True, env=os.environ | ONE_THREAD)
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[-2_000:]}")
    return done.stdout
