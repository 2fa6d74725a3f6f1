"""One file put in the place of another, and its sidecar beside it: begun, finished from wherever a crash has left it,
or taken back. At any moment either the old file or the new one is there, whole.
"""

from dataclasses import dataclass

from samplemind_daemon.failpoint import reach
from samplemind_daemon.library.writing.ground import Ground, has_stamp
from samplemind_daemon.library.writing.sidecar import sidecar_of
from samplemind_daemon.model import FileChange, FileState


class Changed(Exception):
    """The file is not the one that it was when it was looked at; nothing was done to it."""

    def __init__(self, path: bytes) -> None:
        super().__init__(f"{path.decode('utf-8', 'replace')} was changed by someone else")


@dataclass(frozen=True)
class Swap:
    """What a file is, and what it is to be. Paths are below its folder."""

    name: str  # of the hidden files that hold what is new, until it takes the place of what is old
    path: bytes
    new_path: bytes  # as `path` where it stays
    before: FileState
    after: FileState | None  # None until it is known
    sidecar: bytes  # beside the old file; empty if there is none
    sidecar_sha256: str  # of it
    has_sidecar: bool  # whether there is to be one
    made: tuple[bytes, ...] = ()  # folders that are there for it alone

    @property
    def part(self) -> bytes:
        """The new file, until it takes the place of the old one: in its folder, hidden."""
        return self.path[: -len(_name(self.path))] + f".{self.name}.part".encode()

    @property
    def sidecar_part(self) -> bytes:
        """The new sidecar, likewise."""
        return self.new_path[: -len(_name(self.new_path))] + f".{self.name}.json.part".encode()


def forth(change: FileChange, sidecar_sha256: str) -> Swap:
    """A change as it is to be made; the digest is of the sidecar that is there."""
    return Swap(
        _hidden(change), change.path, change.new_path, change.before, change.after, change.old_sidecar,
        sidecar_sha256, bool(change.sidecar), change.made,
    )  # fmt: skip


def back(change: FileChange, after: FileState | None) -> Swap:
    """A change as it is taken back; `after` is what the file will be then, once that is known."""
    made = change.after
    assert made is not None
    return Swap(
        _hidden(change), change.new_path, change.path, made, after, change.sidecar, change.sidecar_sha256,
        bool(change.old_sidecar),
    )  # fmt: skip


def finish(ground: Ground, swap: Swap) -> bytes:
    """Let the new take the place of the old; where the file lies then. Raises Changed.

    It stays where it is if somebody else has taken its new name meanwhile.
    """
    assert swap.after is not None
    if ground.stat(swap.part) is not None:
        if not has_stamp(ground.stat(swap.path), swap.before):
            raise Changed(swap.path)
        ground.rename(swap.part, swap.path)
        reach("write.replaced")
    path = _move(ground, swap, swap.after)
    reach("write.moved")
    target = sidecar_of(path)
    if swap.has_sidecar and ground.stat(swap.sidecar_part) is not None:
        ground.rename(swap.sidecar_part, target)
    reach("write.laid")
    if swap.sidecar and (swap.sidecar != target or not swap.has_sidecar):
        found = ground.state(swap.sidecar)
        if found is not None and found.sha256 == swap.sidecar_sha256:
            ground.drop(swap.sidecar)
    return path


def take_back(ground: Ground, swap: Swap) -> None:
    """Remove what was begun; the old file was not touched."""
    ground.drop(swap.part)
    ground.drop(swap.sidecar_part)
    claimed = ground.stat(swap.new_path) if swap.new_path != swap.path else None
    if claimed is not None and claimed.st_size == 0:
        ground.drop(swap.new_path)
    for folder in reversed(swap.made):
        ground.drop_folder(folder)


def _move(ground: Ground, swap: Swap, after: FileState) -> bytes:
    if has_stamp(ground.stat(swap.path), after):
        if swap.new_path == swap.path or not _is_free(ground, swap):
            return swap.path
        ground.rename(swap.path, swap.new_path)
        return swap.new_path
    if has_stamp(ground.stat(swap.new_path), after):
        return swap.new_path
    raise Changed(swap.path)


def _is_free(ground: Ground, swap: Swap) -> bool:
    """Whether the new name is free: nothing has it, or the empty file that was put there to keep it."""
    old, new = ground.stat(swap.path), ground.stat(swap.new_path)
    return new is None or new.st_size == 0 or (old is not None and old.st_ino == new.st_ino)


def _hidden(change: FileChange) -> str:
    return f"samplemind-{change.write}-{change.place}"


def _name(path: bytes) -> bytes:
    return path.rpartition(b"/")[2]
