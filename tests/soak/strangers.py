"""E2 and E3: files of others' test sets, and true files changed at random, heard by caged workers."""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
from bad_files import FORMATS, encoded

from samplemind_daemon.analysis.plan import fit, plan
from samplemind_daemon.work.cage import Cage
from samplemind_daemon.work.crew import Crew, Limits
from samplemind_daemon.work.failures import TaskFailed
from samplemind_daemon.work.protocol import Task

REASONS = {
    "EMPTY", "UNDECODABLE", "UNSUPPORTED_FORMAT", "TRUNCATED", "IMPOSSIBLE_HEADER", "NON_FINITE", "TOO_LONG",
}  # fmt: skip
LONGEST_SECONDS = 15.0  # that a small file may take


def run(folder: Path, short: bool) -> str:
    """CORPORA names a folder of others' files; without it, only files that are made here are heard."""
    return asyncio.run(_run(folder, minutes=1 if short else 30))


async def _run(folder: Path, minutes: float) -> str:
    crew = Crew(1, None, Limits(), interactive=0, cage=Cage(folder, None))
    await crew.start()
    try:
        registry, _ = fit(crew.catalogue)
        changed = await _hear(crew, ("loudness",), _changed(folder / "changed", minutes))
        told = f"changed at random for {minutes:g} min: {changed}"
        if corpora := os.environ.get("CORPORA"):
            files = (path for path in sorted(Path(corpora).rglob("*")) if path.is_file())
            told += f"; others' files: {await _hear(crew, plan(registry, registry), files)}"
        return told
    finally:
        await crew.stop()


async def _hear(crew: Crew, analyzers: tuple[str, ...], files: Iterator[Path]) -> str:
    """Hear files one by one; AssertionError where one has no result and no stable reason, or takes long."""
    reasons, slowest = Counter(), 0.0
    for path in files:
        began = time.monotonic()
        try:
            heard = await crew.run(Task(str(path), analyzers))
            reason, said = "heard", [one for found in heard.found.values() for one in found]
            assert not [one for one in said if one.status == "failed"], f"{path}: {said}"
        except TaskFailed as failed:
            reason, why = failed.reason, f"{failed} {failed.details}"
        assert reason in {"heard", *REASONS}, f"{path}: {reason}: {why}"
        reasons[reason] += 1
        slowest = max(slowest, time.monotonic() - began)
        assert slowest < LONGEST_SECONDS, f"{path} took {slowest:.0f} s"
    assert crew.status().respawns == 0, "a worker died"
    parts = ", ".join(f"{number:,} {reason}" for reason, number in reasons.most_common())
    return f"{sum(reasons.values()):,} files ({parts}), the slowest {slowest:.1f} s, workers that died 0"


def _changed(path: Path, minutes: float) -> Iterator[Path]:
    """A file that is another one each time, for so long."""
    whole, end = (
        {kind: np.frombuffer(encoded(kind), np.uint8) for kind in FORMATS},
        time.monotonic() + 60 * minutes,
    )
    first = random.randrange(10**9)
    for seed in count(first):
        if time.monotonic() > end:
            return
        chance = np.random.default_rng(seed)
        content = whole[FORMATS[seed % len(FORMATS)]].copy()
        most = 64 if seed % 2 else len(content)
        share = chance.uniform(0.004, 0.05)
        places = chance.integers(0, most, max(1, int(share * most)))
        content[places] = chance.integers(0, 256, len(places))
        path.write_bytes(content.tobytes())
        yield path
