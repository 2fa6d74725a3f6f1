"""The files that parameters name: what is in them belongs to the recipe."""

import os
from collections.abc import Iterable
from hashlib import file_digest, sha256
from typing import TYPE_CHECKING

if (
    TYPE_CHECKING
):  # it brings numpy and scipy, and the daemon's own process needs neither where no file is named
    from samplemind_sdk import File

Stamp = tuple[int, ...]  # what tells whether a file has changed


class Attachments:
    """Digests of files, reckoned again for those that have changed. For one thread at a time."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[Stamp, Stamp], str]] = {}

    def digests(self, paths: Iterable[str]) -> dict[str, str]:
        """What is in each file and its labels, as one digest; "" while a file cannot be read."""
        if not (named := list(paths)):
            return {}
        from samplemind_sdk import File

        self._known = {path: self._digest(File(path)) for path in named}
        return {path: digest for path, (_, digest) in self._known.items()}

    def _digest(self, path: "File") -> tuple[tuple[Stamp, Stamp], str]:
        stamps = _stamp(path), _stamp(path.labels)
        known = self._known.get(path)
        if known is not None and known[0] == stamps:
            return known
        inside = _sha256(path)
        whole = sha256(f"{inside} {_sha256(path.labels)}".encode()).hexdigest() if inside else ""
        return stamps, whole


def _stamp(path: "File") -> Stamp:
    try:
        about = os.stat(path)
    except (OSError, ValueError):
        return ()
    return about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino, about.st_dev


def _sha256(path: "File") -> str:
    try:
        with path.open() as file:
            return file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""
