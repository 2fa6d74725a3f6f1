"""A look at every name below a folder, by stat alone."""

import os
import stat
from dataclasses import dataclass, field

from samplemind_daemon.library.beneath import opened_folder, opened_root
from samplemind_daemon.watcher.names import Names
from samplemind_daemon.watcher.stamp import Stamp

MOST_SKIPPED = 20  # that are told one by one


@dataclass
class Sweep:
    """What a sweep saw: the files that count, by path below the folder; empty ones wait elsewhere."""

    files: dict[bytes, Stamp] = field(default_factory=dict)
    empty: set[bytes] = field(default_factory=set)
    unread: dict[bytes, str] = field(default_factory=dict)  # folders that cannot be read, and why
    skipped: dict[bytes, str] = field(default_factory=dict)  # names that count but are no files, and why

    def is_hidden_from(self, path: bytes) -> bool:
        """Whether a file at this path could not have been seen, because a folder above it was not read."""
        return bool(self.unread) and any(
            not folder or path.startswith(folder + b"/") for folder in self.unread
        )


def sweep(root: bytes, names: Names) -> Sweep:
    """Look at all that counts below a folder. Raises OSError if the folder itself cannot be read.

    Links are not followed, so that no path leads out of the folder or in circles.
    """
    seen = Sweep()
    with opened_root(root) as handle:
        stack = _look_into(handle, b"", names, seen)
        while stack:
            path = stack.pop()
            try:
                stack += _look_into(handle, path, names, seen)
            except FileNotFoundError:
                pass  # it went while we looked
            except OSError as error:
                seen.unread[path] = error.strerror or str(error)
    return seen


def _look_into(root: int, path: bytes, names: Names, seen: Sweep) -> list[bytes]:
    """Note the files of one folder; the folders in it that are to be looked into."""
    below, start = [], path + b"/" if path else b""
    with opened_folder(root, path) as folder, os.scandir(folder) as entries:
        for entry in entries:
            here = start + os.fsencode(entry.name)
            if entry.is_dir(follow_symlinks=False):
                if names.enters(here):
                    below.append(here)
            elif names.wants_in_entered(here):
                _note(entry, here, seen)
    return below


def _note(entry: os.DirEntry[str], path: bytes, seen: Sweep) -> None:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return  # it went while we looked
    if not stat.S_ISREG(found.st_mode):
        if len(seen.skipped) < MOST_SKIPPED:
            seen.skipped[path] = _kind(found.st_mode)
    elif found.st_size == 0:
        seen.empty.add(path)
    else:
        seen.files[path] = Stamp.of(found)


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "is a link, and links are not followed"
    return "is no regular file"
