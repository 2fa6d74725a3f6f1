"""Where the bytes of sounds lie: kept as blobs, or in the watch folders that they were found in."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from samplemind_daemon.model import Audio
from samplemind_daemon.refusals import NotFound, Untimely
from samplemind_daemon.store.blobs import Blobs
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import Audios, Folders

Stamp = tuple[int, int, int]  # size in bytes, mtime in ns, inode


@dataclass(frozen=True)
class Source:
    """A file to hear; with the stamp that it must have, where somebody else may change it.

    The path is empty where the bytes are kept elsewhere: `at_hand` has them as a file then.
    """

    path: bytes
    stamp: Stamp | None = None


def source(db: Database, blobs: Blobs, audio: Audio) -> Source:
    """The file that holds a sound, to be heard or sent, with the stamp that a watched one had when it was taken in.

    Raises NotFound where there is none, and Untimely where its folder is not watched here, or not any more.
    """
    kept = blobs.path(audio.sha256)
    if kept is not None and kept.is_file():
        return Source(os.fsencode(kept))
    columns = Audios.folder, Audios.path, Audios.size, Audios.mtime_ns, Audios.inode
    row = Audios.select(*columns).where(Audios.id == audio.id).first(db)
    if row is not None and row.folder is None and kept is None:
        return Source(b"")  # to ask for it would take long: nobody else may wait for that
    if row is None or row.folder is None or row.path is None:
        raise NotFound("SOURCE_GONE", f"The bytes of {audio.name!r} are not kept any more.")
    folder = Folders.select(Folders.path, Folders.instance).where(Folders.id == row.folder).first(db)
    if folder is None:
        why = f"The folder that {audio.name!r} lies in is not watched any more."
        raise Untimely("FOLDER_NOT_WATCHED", why)
    if db.instance and folder.instance != db.instance:
        raise Untimely("FOLDER_ELSEWHERE", f"Another daemon watches the folder that {audio.name!r} lies in.")
    return Source(os.path.join(bytes(folder.path), bytes(row.path)), (row.size, row.mtime_ns, row.inode))


@asynccontextmanager
async def at_hand(blobs: Blobs, found: Source, audio: Audio) -> AsyncIterator[Source]:
    """The sound's bytes as a file of this machine that stays meanwhile. Raises as `Blobs.holding`."""
    if found.path:
        yield found
        return
    held = blobs.holding(audio.sha256)
    entering = asyncio.ensure_future(blobs.run(held.__enter__))
    try:
        path = await asyncio.shield(entering)
    except asyncio.CancelledError:
        entering.add_done_callback(partial(_let_go, held))
        raise
    try:
        yield Source(os.fsencode(path))
    finally:
        await asyncio.to_thread(held.__exit__, None, None, None)


def _let_go(held: AbstractContextManager[Path], entered: asyncio.Future[Path]) -> None:
    """Hold no more what nobody waits for any more."""
    if not entered.cancelled() and entered.exception() is None:
        held.__exit__(None, None, None)


def machine(db: Database, audio: Audio) -> str:
    """Which daemon watches the folder that a sound lies in; empty where it is kept, or nobody does."""
    theirs = (Audios.id == audio.id) & (Folders.id == Audios.folder)
    return str(Folders.select(Folders.instance).join(Audios, on=theirs).scalar(db) or "")


def stamp(path: bytes) -> Stamp | None:
    """The stamp of the file that lies there now; None if there is no file."""
    try:
        found = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return found.st_size, fit(found.st_mtime_ns), fit(found.st_ino)


def has_changed_lately(path: bytes, seconds: float) -> bool:
    """Whether the file that lies there was written, or put there, less than so many seconds ago; so if it is gone."""
    try:
        changed_at = os.stat(path, follow_symlinks=False).st_ctime  # a rename counts, which keeps the mtime
    except OSError:
        return True
    return abs(time.time() - changed_at) < seconds


def fit(number: int) -> int:
    """A number of 64 bits as a column holds it: some inodes, and times after 2262, would be too large."""
    return (number + 2**63) % 2**64 - 2**63
