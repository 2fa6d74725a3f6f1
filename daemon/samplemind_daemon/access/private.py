"""Files that only the daemon's own system user can read."""

import os
import stat
from pathlib import Path
from uuid import uuid4

import structlog

log = structlog.get_logger(__name__)


def read(path: Path) -> bytes | None:
    """What the file holds, or None if there is none. Takes away what others may do with it."""
    try:
        found = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    with os.fdopen(found, "rb") as file:
        if stat.S_IMODE(os.fstat(found).st_mode) & 0o077:
            log.warning("a private file was open to others; it is not any more", path=str(path))
            os.fchmod(found, 0o600)
        return file.read(1 << 16)


def write(path: Path, content: bytes) -> None:
    """Put the file there as a whole, mode 0600, and onto the disk, or leave what was there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
