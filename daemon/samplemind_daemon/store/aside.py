"""Where repairs put files: nothing that may be somebody's is deleted."""

from itertools import count
from pathlib import Path

FOLDER = "set-aside"


def set_aside(home: Path, path: Path) -> str:
    """Move a file into the folder of those that were set aside, and say so."""
    folder = home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    names = (path.name.lstrip(".") + (f".{number}" if number else "") for number in count())
    place = next(folder / name for name in names if not (folder / name).exists())
    path.rename(place)
    return f"it is set aside as {FOLDER}/{place.name}"
