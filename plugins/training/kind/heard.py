"""What every fit begins with: the folders asked for, and what is heard of their sounds, kept for the next fit."""

import argparse
import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HELP = {
    "corpora": "the labelled sets",
    "prompts": "recorded speech, a folder a voice",
    "hydrogen": "drum kits",
    "kits": "more drum kits",
    "samples": "free samples with plain names",
    "patches": "drums of Freepats",
    "third": "a third sound font, for its drum kits",
    "strums": "a recorded guitar, a file a stroke, named by chord",
    "fonts": "two General MIDI sound fonts",
}


def ask(description: str | None, rows: str, *wanted: str) -> argparse.Namespace:
    """The folders that the command line names; `rows` is where what is heard is kept unless it names another."""
    given = argparse.ArgumentParser(description=description)
    for name in wanted:
        count = 2 if name == "fonts" else None
        given.add_argument(f"--{name}", type=Path, required=True, nargs=count, help=HELP[name])
    given.add_argument("--rows", type=Path, default=Path(rows), help="heard once, kept here")
    return given.parse_args()


def keep(path: Path, hear: Callable[[], Any]) -> Any:
    """What is heard, from the file of an earlier fit if there is one."""
    if not path.exists():
        path.write_bytes(pickle.dumps(hear()))
    return pickle.loads(path.read_bytes())


def table(rows: Iterable[Any], names: list[str]) -> NDArray[np.float64]:
    """The evidence of rows in order, shape (rows, names)."""
    return np.array([[row.evidence[name] for name in names] for row in rows])
