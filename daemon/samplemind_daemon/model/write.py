"""What is written into files, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .state import Problem


@dataclass(frozen=True)
class WritePlan:
    """What to write: tags by name ("bpm", "key", "genre", "comment"), a sidecar, another path; or nothing."""

    tags: tuple[str, ...] = ()
    sidecar: bool = False
    template: str = ""  # "{kind}/{bpm} {key} {name}"; unchanged if empty

    def __bool__(self) -> bool:
        return bool(self.tags or self.sidecar or self.template)


NOTHING = WritePlan()


@dataclass(frozen=True)
class TagChange:
    """A tag that changes, under the name that it has in the file."""

    field: str  # "TBPM"
    before: str  # empty if it is not there
    after: str


class WriteState(StrEnum):
    """How far a file's change has come; what is READY or UNDO_READY is finished, whatever happens."""

    PLANNED = "planned"
    REFUSED = "refused"
    BEGUN = "begun"
    READY = "ready"
    DONE = "done"
    FAILED = "failed"
    UNDO_BEGUN = "undo_begun"
    UNDO_READY = "undo_ready"
    UNDONE = "undone"


@dataclass(frozen=True)
class FileState:
    """A file as stat sees it, and the SHA-256 of what it holds."""

    sha256: str
    size: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True)
class FileChange:
    """What would happen, or happened, to one file of a watch folder. Paths are below the folder."""

    write: str
    place: int  # among the files of its write
    audio: str
    folder: str
    path: bytes
    new_path: bytes  # as `path` where it stays
    tags: tuple[TagChange, ...]
    values: tuple[tuple[str, str], ...]  # of the tags, by name
    sidecar: bytes  # that is written; empty if none is
    old_sidecar: bytes  # that lies beside the file before; empty if none does
    before: FileState
    after: FileState | None = None  # once it is known
    state: WriteState = WriteState.PLANNED
    problem: Problem | None = None
    sidecar_sha256: str = ""  # of the one that was written
    made: tuple[bytes, ...] = ()  # folders that were made for it


@dataclass(frozen=True)
class Write:
    """A plan with all its files; it is good until it expires, and once applied it can be undone until then."""

    id: str
    user: str
    plan: WritePlan
    expires_at: datetime
    applied: bool
    total: int = 0  # files that would change
    refused: int = 0  # files that cannot be
