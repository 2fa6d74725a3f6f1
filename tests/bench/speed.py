"""docs/speed.md: how long a file takes beside essentia's MusicExtractor, and how much memory a long one."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any

import band
from asking import HERE, ONE_THREAD, PYTHON
from memory import peak_mib
from ours import COMMAND
from tables import table

SECONDS, HOURS, PAIRS = 200, 2, 7
MOST_MIB = 300

PAGE = """# How fast it is, and how much memory it takes

This page is written by `make bench`; do not edit it. It gives ratios, because seconds depend on the machine.

## Time

A synthesised stereo file of {seconds} s (drums, bass, chords, melody; 44,100 Hz) is heard by the shipped analyzers
({analyzers}) and by essentia's `MusicExtractor` with its defaults: on the same core, one thread each, in turns,
{pairs} pairs. A ratio below 1 means that SampleMind is faster.

{times}

"In the worker": from opening the file to the last finding, in a process that has heard a short sound before.
"Whole command": `samplemindd analyze --json` against a Python that imports essentia and extracts.

Each analyzer alone, decoding included, as a share of the time of all together:

{shares}

## Memory

While a worker hears a stereo WAV file of {hours} hours, its resident memory peaks at {peak:.0f} MiB,
{verdict}the {most} MiB that are promised.
"""


def write_speed(page: Path) -> None:
    """Measure, and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        short, piece, long = (Path(folder) / f"{name}.wav" for name in ("short", "piece", "long"))
        band.write(short, 10)
        band.write(piece, SECONDS)
        analyzers = hear(piece, short)["analyzers"]
        times, shares = _times(piece, short), _shares(piece, short, analyzers)
        band.write(long, HOURS * 3_600)
        peak = max(peak_mib([COMMAND, "analyze", "--json", "--jobs", "1", "--home", folder, long]).values())
    verdict = "under " if peak < MOST_MIB else "**over** "
    page.write_text(
        PAGE.format(
            seconds=SECONDS, analyzers=", ".join(analyzers), pairs=PAIRS, times=times, shares=shares,
            hours=HOURS, peak=peak, verdict=verdict, most=MOST_MIB,
        )
    )  # fmt: skip


def hear(sound: Path, short: Path, analyzers: str = "") -> dict[str, Any]:
    """The seconds that our analyzers take in one process."""
    return _took([COMMAND.with_name("python"), HERE / "hearing.py", sound, analyzers, short])


def extract(sound: Path, short: Path) -> dict[str, Any]:
    """The seconds that MusicExtractor takes in one process."""
    return _took([PYTHON, HERE / "extracting.py", sound, short])


def _times(piece: Path, short: Path) -> str:
    """The ratios, each pair measured in turns."""
    inside = _pairs(lambda: hear(piece, short)["wall"], lambda: extract(piece, short)["wall"])
    with tempfile.TemporaryDirectory() as home:
        ours = [COMMAND, "analyze", "--json", "--jobs", "1", "--home", home, piece]
        theirs = [PYTHON, HERE / "extracting.py", piece]
        whole = _pairs(lambda: _whole(ours), lambda: _whole(theirs))
    head = ["time against MusicExtractor's", "median ratio", "lowest", "highest"]
    return table(head, [["in the worker", *_ratios(inside)], ["whole command", *_ratios(whole)]])


def _shares(piece: Path, short: Path, analyzers: Iterable[str]) -> str:
    together = median(hear(piece, short)["cpu"] for _ in range(3))
    rows = []
    for name in analyzers:
        alone = median(hear(piece, short, name)["cpu"] for _ in range(3))
        rows.append([name, f"{100 * alone / together:.0f} %"])
    return table(["analyzer", "share"], rows)


def _pairs(ours: Callable[[], float], theirs: Callable[[], float]) -> list[float]:
    return [ours() / theirs() for _ in range(PAIRS)]


def _ratios(found: list[float]) -> list[str]:
    return [f"{one:.2f}" for one in (median(found), min(found), max(found))]


def _whole(command: list[str | Path]) -> float:
    start = time.perf_counter()
    _run(command)
    return time.perf_counter() - start


def _took(command: list[str | Path]) -> dict[str, Any]:
    took: dict[str, Any] = json.loads(_run(command).splitlines()[-1])
    return took


def _run(command: list[str | Path]) -> str:
    """What the command prints, run on one core, with one thread."""
    core = str(min(os.sched_getaffinity(0)))
    run = subprocess.run(
        ["taskset", "--cpu-list", core, *command], capture_output=True, text=True, env=os.environ | ONE_THREAD
    )
    if run.returncode:
        raise RuntimeError(f"{command[0]} ended with {run.returncode}: {run.stderr[-2_000:]}")
    return run.stdout
