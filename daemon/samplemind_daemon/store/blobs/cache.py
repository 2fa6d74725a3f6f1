"""Contents from elsewhere, as files of this machine: each whole or not at all, and the longest unused go first."""

import hashlib
import os
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock

from samplemind_daemon.refusals import Damaged
from samplemind_daemon.store.blobs.blobs import PART
from samplemind_daemon.store.room import needing_room

Fetch = Callable[[], Iterable[bytes]]  # gets all bytes of a content, piece by piece

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass
class _Entry:
    """A content that is there, or is wanted."""

    size: int = 0  # bytes on the disk
    holders: int = 0
    checked: bool = False  # since this process began: a machine that lost its power may have written less
    fetching: Lock = field(default_factory=Lock)


class Cache:
    """A folder of files named by their SHA-256; no other process uses it meanwhile.

    It has at most so many bytes, except for what is held: that stays until it is let go of. The folder is looked
    into, or made, when it is used for the first time.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder, self._most = folder, most_bytes
        self._lock, self._bytes = Lock(), 0  # of all entries

    @cached_property
    def _entries(self) -> OrderedDict[str, _Entry]:
        """What is there, the longest unused first; to be used under the lock."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = OrderedDict[str, _Entry]()
        for path in sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime):
            if _DIGEST.fullmatch(path.name):
                found[path.name] = _Entry(path.stat().st_size)
            else:
                path.unlink()  # begun, and never whole
        self._bytes = sum(entry.size for entry in found.values())
        return found

    @contextmanager
    def holding(self, sha256: str, fetch: Fetch) -> Iterator[Path]:
        """The content's file, which is fetched if it is not there, once for all who ask meanwhile.

        Raises Damaged where other bytes come than those, Exhausted where the disk is full, and what `fetch` raises.
        """
        path = self._folder / sha256
        with self._lock:
            entry = self._entries.setdefault(sha256, _Entry())
            entry.holders += 1
            self._entries.move_to_end(sha256)
        try:
            with entry.fetching:
                if not _is_whole(path, entry):
                    self._count(entry, _bring(path, fetch))
                entry.checked = True
            os.utime(path)  # the next process finds it as used now
            yield path
        finally:
            with self._lock:
                entry.holders -= 1
                if entry.holders == 0 and entry.size == 0:
                    del self._entries[sha256]  # it could not be fetched
            self._make_room()

    @property
    def size_bytes(self) -> int:
        """How many bytes there are."""
        return self._bytes

    def has(self, sha256: str) -> bool:
        """Whether the content is there."""
        with self._lock:
            entry = self._entries.get(sha256)
            return entry is not None and entry.size > 0

    def doubt(self, sha256: str) -> None:
        """Read the content again before it is held the next time, and fetch it again if it is another."""
        with self._lock:
            if sha256 in self._entries:
                self._entries[sha256].checked = False

    def _count(self, entry: _Entry, size: int) -> None:
        """Know of what was brought, and make room for it at once."""
        with self._lock:
            self._bytes += size - entry.size
            entry.size = size
        self._make_room()

    def _make_room(self) -> None:
        """Remove what nobody holds, the longest unused first, until the rest is no more than it may be."""
        with self._lock:
            while self._bytes > self._most:
                free = (sha256 for sha256, entry in self._entries.items() if entry.holders == 0)
                if (sha256 := next(free, None)) is None:
                    return
                (self._folder / sha256).unlink(missing_ok=True)
                self._bytes -= self._entries.pop(sha256).size


def _is_whole(path: Path, entry: _Entry) -> bool:
    """Whether the file is there as it was brought; the first time, it is read to know that."""
    try:
        if path.stat().st_size != entry.size:
            return False
        if entry.checked:
            return True
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == path.name
    except OSError:
        return False


def _bring(path: Path, fetch: Fetch) -> int:
    """Fetch a content to its place, if it is the right one; how many bytes it has."""
    part, digest = path.with_suffix(".part"), hashlib.sha256()
    try:
        with needing_room(), part.open("wb", buffering=PART) as file:
            for piece in fetch():
                digest.update(piece)
                file.write(piece)
        if digest.hexdigest() != path.name:
            raise Damaged("CORRUPTED", f"The bytes that came for {path.name} have {digest.hexdigest()}.")
        size = part.stat().st_size
        part.replace(path)
        return size
    finally:
        part.unlink(missing_ok=True)
