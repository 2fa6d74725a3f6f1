"""The long proofs: make soak runs all of them, PARTS=… some, SHORT=1 each for a few minutes.

A part is a module here with `run(folder, short)`: it raises AssertionError where its promise does not hold,
raises NotHere where this machine lacks what it needs, and returns what it measured, for docs/reliability.md.
"""

import os
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import psutil
from rig import NotHere

PARTS = (
    "kills",
    "failpoints",
    "workers",
    "brokers",
    "memory",
    "powercut",
    "databases",
    "errors",
    "clocks",
    "upgrade",
    "backups",
    "mixed",
    "gates",
    "folders",
    "strangers",
    "lines",
    "cursors",
    "buckets",
    "fuzz",
    "image",
    "cluster",
)


def main(wanted: list[str]) -> int:
    """Run the parts; 1 if one failed, or if one could not be run although all are required."""
    short, failed, left_out = bool(os.environ.get("SHORT")), [], []
    for name in wanted or PARTS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix=f"soak-{name}-") as folder:
            try:
                print(f"{name}: {import_module(name).run(Path(folder), short)}", end="", flush=True)
            except NotHere as missing:
                left_out.append(name)
                print(f"{name}: LEFT OUT, {missing}", end="", flush=True)
            except Exception as broken:
                failed.append(name)
                what = "" if isinstance(broken, AssertionError) else f"{type(broken).__name__}: "
                print(f"{name}: FAILED, {what}{broken}", end="", flush=True)
            finally:
                _end_daemons()
        print(f" ({time.monotonic() - began:.0f} s)", flush=True)
    print(f"{len(failed)} failed, {len(left_out)} left out.")
    return 1 if failed or (left_out and os.environ.get("REQUIRE_ALL") == "1") else 0


def _end_daemons() -> None:
    """End what a part that failed has left running, before its folder goes."""
    for child in psutil.Process().children():
        if "samplemind_daemon" in child.cmdline():
            child.kill()
            child.wait(30)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
