"""What each program takes for the same file: seconds, how much faster than it plays, memory."""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from running import ours, theirs
from tables import table

TURNS = 3
FINDS = {
    "aubio": "one tempo",
    "librosa": "one tempo, one key",
    "essentia": "two tempi, two keys",
    "MusicExtractor": "its defaults: tempo, three keys, loudness, and statistics of low-level features",
}


def beside(sound: Path, short: Path, seconds: float) -> str:
    """A table, ours first, each the median of some turns."""

    def asker(name: str) -> Callable[[], dict[str, Any]]:
        return lambda: theirs(name, sound, short)

    askers = {"SampleMind": lambda: ours(sound, short)} | {name: asker(name) for name in FINDS}
    turns = [{name: asked() for name, asked in askers.items()} for _ in range(TURNS)]
    rows = []
    for name in askers:
        took = median(turn[name]["cpu"] for turn in turns)
        memory = max(turn[name]["mib"] for turn in turns)
        finds = FINDS.get(name, "all descriptors")
        rows.append([name, finds, f"{took:.2f}", f"{seconds / took:.0f}", f"{memory:.0f}"])
    return table(["program", "finds", "seconds", "times real time", "memory, MiB"], rows)
