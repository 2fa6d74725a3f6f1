"""The folder of dropped-in plugins, as it is at a moment."""

from pathlib import Path

Stamp = frozenset[tuple[str, int, int]]  # name, size in bytes, mtime in ns


def stamp(folder: Path | None) -> Stamp:
    """What tells whether a .py file has come, gone or changed."""
    found = set()
    for path in folder.glob("*.py") if folder is not None else ():
        try:
            status = path.stat()
        except OSError:  # gone since, or a link to nowhere
            continue
        found.add((path.name, status.st_size, status.st_mtime_ns))
    return frozenset(found)
