"""What the peers say of some files: peers.py in its own environment, one process a core."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PYTHON = HERE.parents[1] / ".venv-bench" / "bin" / "python"
TRIES = 2  # of a file that a process dies of
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


def ask(about: str, paths: Iterable[Path]) -> dict[Path, dict[str, Any]]:
    """For each file what each peer says; `about` is "music" or "loudness"."""
    files = [str(path) for path in paths]
    cores = len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(cores) as pool:
        answers = pool.map(lambda first: _answers(about, files[first::cores]), range(cores))
        return {Path(one["file"]): one for answer in answers for one in answer}


def _answers(about: str, files: list[str]) -> list[dict[str, Any]]:
    """The answers about each. A process that dies begins again where it was; a file it dies of twice is left out."""
    said: list[dict[str, Any]] = []
    deaths = 0
    while len(said) < len(files):
        found = _child(about, files[len(said) :])
        deaths = 0 if found else deaths + 1
        said += found
        if deaths == TRIES:
            said.append({"file": files[len(said)], "failed": {about: "the process died"}})
            deaths = 0
    return said


def _child(about: str, files: list[str]) -> list[dict[str, Any]]:
    """The answers that one process gives before it ends, or dies: the peers are written in C and C++."""
    # Each compiles for itself: two processes that fill numba's cache at once break it for each other.
    with tempfile.TemporaryDirectory() as compiled:
        run = subprocess.run(
            [PYTHON, HERE / "peers.py", about],
            input="".join(f"{file}\n" for file in files),
            capture_output=True,
            text=True,
            env=os.environ | ONE_THREAD | {"NUMBA_CACHE_DIR": compiled},
        )
    if run.returncode > 0:
        raise RuntimeError(f"peers.py ended with {run.returncode}: {run.stderr[-2_000:]}")
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
