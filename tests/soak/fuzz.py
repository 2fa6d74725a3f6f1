"""Parsers, probes and decoders against mutated input, and the tests of tests/fuzz with many more examples.

Each target of strange_input has a process of its own, as a decoder may take it along.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from strange_input import FILES, TEXTS

TESTS = Path(__file__).parents[1]
GRACE_SECONDS = 120


def run(folder: Path, short: bool) -> str:
    seconds = 20 if short else 600
    told = [_mutate(target, folder / target, seconds) for target in (*FILES, *TEXTS)]
    return f"{_whether_blind()}, {seconds} s each: {', '.join(told)}; {_examples(short)}"


def _mutate(target: str, folder: Path, seconds: int) -> str:
    """Give one target mutated seeds; AssertionError where it fell, hung, grew or made something up."""
    folder.mkdir()
    command = [sys.executable, str(TESTS / "soak" / "mutating.py"), target, str(seconds), str(folder)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds + GRACE_SECONDS,
        check=False,
    )
    found = [(path.name, path.read_bytes()[:200]) for path in folder.glob("*-*") if path.is_file()]
    assert done.returncode == 0 and not found, f"{target}: {found} {done.stderr[-3_000:]}"
    runs = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    return f"{target} {int(runs[1]) if runs else 0:,}"


def _whether_blind() -> str:
    try:
        import atheris  # noqa: F401
    except ImportError:
        return "atheris is not there, so what is new in the code was not searched for"
    return "by atheris"


def _examples(short: bool) -> str:
    """Run tests/fuzz with other examples than `make test` does, and many more."""
    environment = os.environ | ({} if short else {"SAMPLEMIND_FUZZ": "soak"})
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "--timeout", "3600", str(TESTS / "fuzz")]
    done = subprocess.run(
        command, env=environment, cwd=TESTS.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-5_000:]
    return f"tests/fuzz: {done.stdout.strip().splitlines()[-1]}"
