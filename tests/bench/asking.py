"""What the peers say of some files: peers.py in its own environment, one process a core."""

import json
import os
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PYTHON = HERE.parents[1] / ".venv-bench" / "bin" / "python"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


def ask(about: str, paths: Iterable[Path]) -> dict[Path, dict[str, Any]]:
    """For each file what each peer says; `about` is "music" or "loudness"."""
    files = [str(path) for path in paths]
    cores = len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(cores) as pool:
        answers = pool.map(lambda first: _child(about, files[first::cores]), range(cores))
        return {Path(one["file"]): one for answer in answers for one in answer}


def _child(about: str, files: list[str]) -> list[dict[str, Any]]:
    run = subprocess.run(
        [PYTHON, HERE / "peers.py", about],
        input="".join(f"{file}\n" for file in files),
        capture_output=True,
        text=True,
        env=os.environ | ONE_THREAD,
    )
    if run.returncode:
        raise RuntimeError(f"peers.py ended with {run.returncode}: {run.stderr[-2_000:]}")
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
