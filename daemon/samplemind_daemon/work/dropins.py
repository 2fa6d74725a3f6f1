"""The folder of dropped-in plugins, and whether it is still as it was."""

import asyncio
from pathlib import Path

Stamp = frozenset[tuple[str, int, int]]  # name, size in bytes, mtime in ns


class DropIns:
    """The .py files of a folder, as they were when they were last looked at."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp: Stamp = frozenset()

    async def changed(self) -> bool:
        """Whether a file has come, gone or changed since the last look."""
        before, self._stamp = self._stamp, await asyncio.to_thread(_stamp, self._folder)
        return self._stamp != before


def _stamp(folder: Path) -> Stamp:
    found = set()
    for path in folder.glob("*.py"):
        try:
            status = path.stat()
        except OSError:  # gone since, or a link to nowhere
            continue
        found.add((path.name, status.st_size, status.st_mtime_ns))
    return frozenset(found)
