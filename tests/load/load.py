"""A daemon under load: make load runs all parts, PARTS=… some, SHORT=1 each for less time.

A part is a module here with `run(folder, short)`, as in tests/soak: it raises AssertionError where its promise
does not hold, and returns what it measured. To be run alone on a machine: whatever runs beside it is measured too.
"""

import os
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

PARTS = ("batch", "ramp", "outside", "overload", "pending", "writers", "subscribers", "blobs")


def main(wanted: list[str]) -> int:
    """Run the parts; 1 if one failed."""
    short, failed = bool(os.environ.get("SHORT")), 0
    for name in wanted or PARTS:
        began, busy = time.monotonic(), os.getloadavg()[0]
        with tempfile.TemporaryDirectory(prefix=f"load-{name}-") as folder:
            try:
                print(f"{name}: {import_module(name).run(Path(folder), short)}", end="", flush=True)
            except AssertionError as broken:
                failed += 1
                print(f"{name}: FAILED, {broken}", end="", flush=True)
        print(f" ({time.monotonic() - began:.0f} s; the load was {busy:.1f} before)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
