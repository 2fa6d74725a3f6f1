"""What files below a folder are now, by stat alone."""

import os
import stat
from collections.abc import Iterable

from samplemind_daemon.library.beneath import opened_folder, opened_root
from samplemind_daemon.watcher.stamp import Stamp


def look(root: bytes, paths: Iterable[bytes]) -> dict[bytes, Stamp | None]:
    """The stamps of files below, None for each that is not there as a regular file."""
    with opened_root(root) as handle:
        return {path: _stamp(handle, path) for path in paths}


def _stamp(root: int, path: bytes) -> Stamp | None:
    above, _, name = path.rpartition(b"/")
    try:
        with opened_folder(root, above) as folder:
            seen = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return None
    return Stamp.of(seen) if stat.S_ISREG(seen.st_mode) else None
