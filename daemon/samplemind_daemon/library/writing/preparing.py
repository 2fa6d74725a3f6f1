"""What is new, made beside what is old: nothing that is there is touched yet."""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import BinaryIO

from samplemind_daemon.failpoint import reach
from samplemind_daemon.library.writing.ground import PART, Ground, dress, file_state, has_stamp
from samplemind_daemon.library.writing.keeping import Keeping
from samplemind_daemon.library.writing.patch import make_patch, restore
from samplemind_daemon.library.writing.swap import Changed, Swap
from samplemind_daemon.model import FileChange, FileState, Media


@dataclass(frozen=True)
class Prepared:
    """A change that is ready to be finished."""

    change: FileChange
    sidecar_sha256: str  # of the sidecar that was there before
    kept: int  # bytes that are kept for the undo


def copy_tagged(ground: Ground, change: FileChange, swap: Swap, media: Media) -> None:
    """Make a hidden copy of the file with its new tags. Raises Changed, CannotTag and OSError."""
    from samplemind_daemon.analysis.sound.tagging import (
        write_tags,
    )  # only now: it brings the decoders' imports

    with ground.reading(change.path) as old, ground.making(swap.part) as new:
        found = os.fstat(old.fileno())
        if not has_stamp(found, change.before) or _copied(old, new) != change.before.sha256:
            raise Changed(change.path)
        reach("write.copied")
        write_tags(new, media, dict(change.values))
        dress(new, found, found.st_mtime_ns)
    reach("write.tagged")


def prepare(
    ground: Ground, change: FileChange, swap: Swap, keeping: Keeping, sidecar: bytes | None
) -> Prepared:
    """Keep what an undo needs, lay the new sidecar ready, and keep the new name free.

    `sidecar` holds what it is to say; None where the old one moves along. Raises Changed and OSError.
    """
    before = change.before
    if change.tags:
        with ground.reading(change.path) as old, ground.reading(swap.part) as new:
            with keeping.making(change.write, change.place, "audio") as patch:
                make_patch(old, new, patch)
                restore(new, patch, len, before.sha256)  # so that an undo is known to be possible
            after = file_state(new)
    else:
        found = ground.state(change.path)
        if found != before:
            raise Changed(change.path)
        after = before
    keep_free(ground, swap)
    old_sha256, new_sha256 = _lay_sidecar(ground, change, swap, keeping, sidecar)
    reach("write.kept")
    change = replace(change, after=after, sidecar_sha256=new_sha256)
    return Prepared(change, old_sha256, keeping.size(change.write, change.place))


def prepare_undo(ground: Ground, change: FileChange, swap: Swap, keeping: Keeping) -> FileState:
    """Make the old file again, hidden beside the new one, with its old sidecar; what it will be.

    Raises Changed where file or sidecar are not as they were written, CannotRestore and OSError.
    """
    _expect(ground, swap.path, swap.before.sha256)
    if swap.sidecar:
        _expect(ground, swap.sidecar, swap.sidecar_sha256)
    after = swap.before
    if change.before.sha256 != swap.before.sha256:
        with ground.reading(swap.path) as new, ground.making(swap.part) as old:
            with keeping.reading(change.write, change.place, "audio") as patch:
                restore(new, patch, old.write, change.before.sha256)
            dress(old, os.fstat(new.fileno()), change.before.mtime_ns)
            after = file_state(old)
    keep_free(ground, swap)
    if swap.has_sidecar:
        with (
            keeping.reading(change.write, change.place, "sidecar") as kept,
            ground.making(swap.sidecar_part) as new,
        ):
            _copied(kept, new)
            dress(new, _stat(ground, swap.path), os.fstat(kept.fileno()).st_mtime_ns)
    return after


def missing_folders(ground: Ground, path: bytes) -> list[bytes]:
    """The folders above a path that are not there, the first one first."""
    parts = path.split(b"/")[:-1]
    return [
        one
        for one in (b"/".join(parts[: depth + 1]) for depth in range(len(parts)))
        if ground.stat(one) is None
    ]


def keep_free(ground: Ground, swap: Swap) -> None:
    """Make the folders of the new path, and take its name. Raises FileExistsError if it is taken."""
    if swap.new_path == swap.path:
        return
    ground.make_folders(swap.new_path.rpartition(b"/")[0])
    old, new = ground.stat(swap.path), ground.stat(swap.new_path)
    if old is None or new is None or old.st_ino != new.st_ino:  # as where only the case of a name changes
        ground.claim(swap.new_path)
    reach("write.claimed")


def _lay_sidecar(
    ground: Ground, change: FileChange, swap: Swap, keeping: Keeping, sidecar: bytes | None
) -> tuple[str, str]:
    """Keep the old sidecar and lay the new one ready; their digests."""
    old = b""
    if change.old_sidecar:
        with ground.reading(change.old_sidecar) as file:
            old = file.read()
            found = os.fstat(file.fileno())
        with keeping.making(change.write, change.place, "sidecar") as kept:
            kept.write(old)
            kept.flush()
            os.utime(kept.fileno(), ns=(found.st_atime_ns, found.st_mtime_ns))
    if not change.sidecar:
        return hashlib.sha256(old).hexdigest(), ""
    body = old if sidecar is None else sidecar
    with ground.making(swap.sidecar_part) as file:
        file.write(body)
        like = _stat(ground, change.path)
        file.flush()
        with suppress(OSError):
            os.fchown(file.fileno(), like.st_uid, like.st_gid)
        os.fchmod(file.fileno(), like.st_mode & 0o666)
        os.fsync(file.fileno())
    return hashlib.sha256(old).hexdigest(), hashlib.sha256(body).hexdigest()


def _expect(ground: Ground, path: bytes, sha256: str) -> None:
    found = ground.state(path)
    if found is None or found.sha256 != sha256:
        raise Changed(path)


def _stat(ground: Ground, path: bytes) -> os.stat_result:
    found = ground.stat(path)
    if found is None:
        raise Changed(path)
    return found


def _copied(old: BinaryIO, new: BinaryIO) -> str:
    """Copy all of a file; its digest."""
    sha256 = hashlib.sha256()
    while piece := old.read(PART):
        sha256.update(piece)
        new.write(piece)
    return sha256.hexdigest()
