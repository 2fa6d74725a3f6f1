"""What of a file's old bytes is not in the new ones: enough to make it again, byte for byte.

Tags are changed at the beginning or the end of a file, and the sound between them stays, or moves as a whole. So a
block of the old file is looked for in the new one at the same distance from its beginning, and at the same distance
from its end; what is found at neither is kept. That takes a few KiB where a whole copy takes all of the file. Of an
Ogg file whose comment takes another number of pages every page changes, and all of it is kept. bsdiff would find more,
and takes seventeen times the file in memory.
"""

import hashlib
import struct
from collections.abc import Callable
from typing import BinaryIO

BLOCK = 4_096  # bytes that are compared at a time
_HEAD = struct.Struct("<8sQQ")  # the mark, the size of the old file, the size of the new one
_RUN = struct.Struct("<BQ")  # where from, and how many bytes
_MARK = b"SMPATCH1"
_FRONT, _BACK, _KEPT = range(3)


class CannotRestore(Exception):
    """The bytes that were made again are not those that were kept; the message says so."""


def make_patch(old: BinaryIO, new: BinaryIO, patch: BinaryIO) -> None:
    """Write to `patch` what makes the old file of the new one. All are open; the first two for reading."""
    sizes = _size(old), _size(new)
    patch.write(_HEAD.pack(_MARK, *sizes))
    at, kind, first = 0, -1, 0
    while at < sizes[0]:
        block = _at(old, at, BLOCK)
        found = _found(new, block, at, sizes)
        if found != kind:
            _put(old, patch, kind, first, at)
            kind, first = found, at
        at += len(block)
    _put(old, patch, kind, first, at)


def restore(new: BinaryIO, patch: BinaryIO, write: Callable[[bytes], object], sha256: str) -> None:
    """Write the old file, made of the new one and its patch; raises CannotRestore where it is not that digest's."""
    digest, at = hashlib.sha256(), 0
    patch.seek(0)
    mark, old_size, new_size = _HEAD.unpack(patch.read(_HEAD.size))
    if mark != _MARK or new_size != _size(new):
        raise CannotRestore("what was kept for the undo does not belong to this file")
    while head := patch.read(_RUN.size):
        kind, count = _RUN.unpack(head)
        starts = {_FRONT: at, _BACK: new_size - (old_size - at), _KEPT: patch.tell()}
        source, start = patch if kind == _KEPT else new, starts[kind]
        for place in range(0, count, 2**20):
            piece = _at(source, start + place, min(2**20, count - place))
            digest.update(piece)
            write(piece)
        at += count
    if digest.hexdigest() != sha256:
        raise CannotRestore("what was kept for the undo does not make the file that was")


def _found(new: BinaryIO, block: bytes, at: int, sizes: tuple[int, int]) -> int:
    """Where in the new file a block of the old one is."""
    if _at(new, at, len(block)) == block:
        return _FRONT
    back = sizes[1] - (sizes[0] - at)
    return _BACK if back >= 0 and _at(new, back, len(block)) == block else _KEPT


def _put(old: BinaryIO, patch: BinaryIO, kind: int, first: int, end: int) -> None:
    if kind < 0 or end == first:
        return
    patch.write(_RUN.pack(kind, end - first))
    for place in range(first, end if kind == _KEPT else first, 2**20):
        patch.write(_at(old, place, min(2**20, end - place)))


def _at(file: BinaryIO, place: int, count: int) -> bytes:
    file.seek(place)
    return file.read(count)


def _size(file: BinaryIO) -> int:
    return file.seek(0, 2)
