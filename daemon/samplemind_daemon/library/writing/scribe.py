"""One file written, or put back: every step is kept in the database before it is taken, so that none is ever lost."""

import asyncio
import os
from dataclasses import replace

import structlog

from samplemind_daemon.analysis.corrected import corrected
from samplemind_daemon.failpoint import reach
from samplemind_daemon.library.writing import preparing, values
from samplemind_daemon.library.writing.ground import Ground, stamped
from samplemind_daemon.library.writing.keeping import MOST_BYTES, Keeping
from samplemind_daemon.library.writing.patch import CannotRestore
from samplemind_daemon.library.writing.proof import NotProved, Proof
from samplemind_daemon.library.writing.sidecar import sidecar_json, sidecar_of
from samplemind_daemon.library.writing.swap import Changed, Swap, back, finish, forth, take_back
from samplemind_daemon.model import Audio, FileChange, Media, Place, Problem, WritePlan, WriteState
from samplemind_daemon.store import Database, Store, corrections, folders, results, sounds, writes

log = structlog.get_logger(__name__)

NO_ROOM = (
    f"{MOST_BYTES // 2**30} GiB are kept for undoing what was written: it takes a week until they are not."
)


class Cannot(Exception):
    """A file cannot be written or put back."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = Problem(reason, sentence)


class Scribe:
    """Writes files of watch folders, and puts them back."""

    def __init__(self, store: Store, keeping: Keeping, proof: Proof) -> None:
        self._store, self._keeping, self._proof = store, keeping, proof

    async def write(self, user: str, plan: WritePlan, change: FileChange) -> FileChange:
        """Carry a change out; as it is then, DONE or FAILED with its problem. Whatever fails, the old file stays."""
        try:
            audio, ground, body = await self._look(user, plan, change)
        except Cannot as cannot:
            return await self._fail(change, cannot.problem)
        made = await asyncio.to_thread(preparing.missing_folders, ground, change.new_path)
        change = replace(change, state=WriteState.BEGUN, made=tuple(made))
        await self._store.write(writes.mark, change)
        swap = forth(change, "")
        try:
            media = await self._copy(ground, change, swap, audio.media) if change.tags else None
            prepared = await asyncio.to_thread(preparing.prepare, ground, change, swap, self._keeping, body)
        except Exception as error:
            await asyncio.to_thread(take_back, ground, swap)
            await asyncio.to_thread(self._keeping.drop_file, change.write, change.place)
            return await self._fail(change, _problem(error, change))
        change = replace(prepared.change, state=WriteState.READY)
        await self._store.write(writes.mark, change, prepared.kept)
        reach("write.ready")
        return await self._finish(user, change, forth(change, prepared.sidecar_sha256), media)

    async def undo(self, user: str, change: FileChange) -> FileChange:
        """Put a file back; as it is then, UNDONE, or still DONE with the problem."""
        root = await self._store.read(_root, user, change.folder)
        if root is None:
            return replace(
                change, problem=Problem("FOLDER_NOT_WATCHED", "Its folder is not watched any more.")
            )
        ground, swap = Ground(root), back(change, None)
        made = await asyncio.to_thread(preparing.missing_folders, ground, change.path)
        await self._store.write(writes.mark, replace(change, state=WriteState.UNDO_BEGUN))
        try:
            after = await asyncio.to_thread(preparing.prepare_undo, ground, change, swap, self._keeping)
        except Exception as error:
            await asyncio.to_thread(take_back, ground, replace(swap, made=tuple(made)))
            await self._store.write(writes.mark, change)
            return replace(change, problem=_problem(error, change))
        # What stat will say of the old file is kept in its place: a crash from here on is finished by it.
        change = replace(change, state=WriteState.UNDO_READY, before=after)
        await self._store.write(writes.mark, change)
        reach("write.undo_ready")
        return await self._finish(user, change, back(change, after), None)

    async def recover(self, user: str, change: FileChange) -> FileChange:
        """Finish what was ready when the daemon ended, and take back what was not."""
        root = await self._store.read(_root, user, change.folder)
        undoing = change.state in (WriteState.UNDO_BEGUN, WriteState.UNDO_READY)
        if root is not None and change.state in (WriteState.READY, WriteState.UNDO_READY):
            kept = await asyncio.to_thread(self._keeping.sidecar_sha256, change.write, change.place)
            swap = back(change, change.before) if undoing else forth(change, kept)
            return await self._finish(user, change, swap, None)
        if root is not None:
            swap = back(change, None) if undoing else forth(change, "")
            await asyncio.to_thread(_take_back, Ground(root), swap)
        if undoing:
            change = replace(change, state=WriteState.DONE)
            await self._store.write(writes.mark, change)
            return change
        return await self._fail(change, Problem("INTERRUPTED", "The daemon ended before it was written."))

    async def _look(
        self, user: str, plan: WritePlan, change: FileChange
    ) -> tuple[Audio, Ground, bytes | None]:
        """The sound, its folder, and what its sidecar is to say, if it gets another."""
        if await self._store.read(writes.kept) > MOST_BYTES:
            raise Cannot("NO_UNDO_ROOM", NO_ROOM)
        audio, root, body = await self._store.read(_subject, user, change, plan.sidecar)
        if audio is None or audio.media is None:
            raise Cannot("AUDIO_NOT_FOUND", "The sound was deleted.")
        if root is None:
            raise Cannot("FOLDER_NOT_WATCHED", "Its folder is not watched any more.")
        if (audio.folder, audio.path, audio.sha256) != (change.folder, change.path, change.before.sha256):
            raise Cannot("SOURCE_CHANGED", f"{audio.name!r} was changed or moved since the preview.")
        return audio, Ground(root), body

    async def _copy(self, ground: Ground, change: FileChange, swap: Swap, media: Media | None) -> Media:
        assert media is not None
        await asyncio.to_thread(preparing.copy_tagged, ground, change, swap, media)
        paths = (os.path.join(ground.root, one) for one in (change.path, swap.part))
        proved = await self._proof.compare(*paths)
        reach("write.proved")
        return proved

    async def _finish(self, user: str, change: FileChange, swap: Swap, media: Media | None) -> FileChange:
        undoing = change.state is WriteState.UNDO_READY
        root = await self._store.read(_root, user, change.folder)
        assert root is not None
        ground = Ground(root)
        try:
            path, place = await asyncio.to_thread(_finish, ground, swap, change.audio)
        except (Changed, OSError) as error:
            await asyncio.to_thread(_take_back, ground, swap)
            if undoing:
                change = replace(change, state=WriteState.DONE)
                await self._store.write(writes.mark, change)
                return replace(change, problem=_problem(error, change))
            return await self._fail(change, _problem(error, change))
        if undoing:
            await asyncio.to_thread(_drop_folders, ground, change)
            change = replace(change, state=WriteState.UNDONE)
        else:
            sidecar = sidecar_of(path) if change.sidecar else b""
            change = replace(change, state=WriteState.DONE, new_path=path, sidecar=sidecar)
        sha256 = swap.after.sha256 if swap.after else ""
        if media is None and sha256 != swap.before.sha256:
            media = await self._proof.media(os.path.join(root, path))
        await self._store.write(writes.settle, user, change, place, sha256, media)
        reach("write.settled")
        return change

    async def _fail(self, change: FileChange, problem: Problem) -> FileChange:
        change = replace(change, state=WriteState.FAILED, problem=problem, after=None)
        await self._store.write(writes.mark, change)
        return change


def _finish(ground: Ground, swap: Swap, audio: str) -> tuple[bytes, Place]:
    """Finish a swap; where the file lies then, and as what."""
    path = finish(ground, swap)
    found = ground.stat(path)
    assert found is not None
    state = stamped(found, "")
    return path, Place(audio, path, state.size, state.mtime_ns, found.st_dev, state.inode, None)


def _take_back(ground: Ground, swap: Swap) -> None:
    try:
        take_back(ground, swap)
    except OSError as error:  # the folder is away: its leftovers are hidden, and in nobody's way
        log.warning("what was begun to be written is left lying", path=os.fsdecode(swap.part), why=str(error))


def _drop_folders(ground: Ground, change: FileChange) -> None:
    for folder in reversed(change.made):
        ground.drop_folder(folder)


def _root(db: Database, user: str, folder: str) -> bytes | None:
    found = folders.find(db, user, folder)
    return found.path if found else None


def _subject(
    db: Database, user: str, change: FileChange, with_sidecar: bool
) -> tuple[Audio | None, bytes | None, bytes | None]:
    audio = sounds.find(db, user, change.audio)
    if audio is None or not with_sidecar:
        return audio, _root(db, user, change.folder), None
    seconds = audio.media.seconds if audio.media else 0.0
    known = corrected(results.of(db, audio.sha256), corrections.of(db, audio.id), seconds)
    name = change.new_path.rpartition(b"/")[2].decode("utf-8", "replace")
    return (
        audio,
        _root(db, user, change.folder),
        sidecar_json(audio, name, values.descriptors(known).values()),
    )


def _problem(error: Exception, change: FileChange) -> Problem:
    """Why a file could not be written, in a sentence."""
    from samplemind_daemon.analysis.sound.tagging import CannotTag

    name = change.path.rpartition(b"/")[2].decode("utf-8", "replace")
    match error:
        case Changed():
            return Problem("SOURCE_CHANGED", f"{error}.")
        case NotProved():
            return Problem("NOT_PROVED", f"{name!r} was left as it is: {error}.")
        case CannotTag():
            return Problem("CANNOT_TAG", f"{name!r}: {error}.")
        case CannotRestore():
            return Problem("CANNOT_RESTORE", f"{name!r} was left as it is: {error}.")
        case FileExistsError():
            return Problem("PATH_TAKEN", f"There is another file now where {name!r} was to go.")
        case FileNotFoundError():
            return Problem("SOURCE_GONE", f"{name!r}, or what was kept of it, is not there any more.")
        case OSError():
            return Problem("CANNOT_WRITE", f"{name!r} cannot be written: {error.strerror or error}.")
    log.error("a file could not be written", file=name, exc_info=error)
    return Problem("INTERNAL", f"{name!r} could not be written; the log says why.")
