"""How much memory a command and its worker processes take at most."""

import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

EVERY_SECONDS = 0.05


def peak_mib(command: Sequence[str | Path]) -> dict[str, float]:
    """The largest resident size, in MiB, of each process that `command` starts, by its number.

    Linux keeps the peak (VmHWM), so only what a process takes in its last moments may be missed.
    Raises RuntimeError if the command fails.
    """
    peaks: dict[str, float] = {}
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    reader = threading.Thread(target=_watch, args=(run, peaks), daemon=True)
    reader.start()
    _, said = run.communicate()
    reader.join()
    if run.returncode:
        raise RuntimeError(f"{command[0]} ended with {run.returncode}: {said[-2_000:]}")
    return peaks


def _watch(run: "subprocess.Popen[str]", peaks: dict[str, float]) -> None:
    while run.poll() is None:
        for number in _descendants(run.pid):
            if (size := _peak(number)) is not None:
                peaks[number] = max(size, peaks.get(number, 0))
        time.sleep(EVERY_SECONDS)


def _descendants(first: int) -> list[str]:
    """Its children, theirs, and so on: each thread of a process has its own list."""
    found: list[str] = []
    waiting = [str(first)]
    while waiting:
        for threads in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            try:
                children = threads.read_text().split()
            except OSError:
                continue
            found += children
            waiting += children
    return found


def _peak(number: str) -> float | None:
    try:
        lines = Path(f"/proc/{number}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1_024 for line in lines if line.startswith("VmHWM:")), None)
