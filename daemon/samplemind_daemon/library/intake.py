"""What is found in watch folders, made known: each batch as a whole or not at all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from samplemind_daemon.failpoint import reach
from samplemind_daemon.model import Audio, Folder, FolderState, Place, State
from samplemind_daemon.store import Database, arrivals, events, folders, jobs, sounds, writes
from samplemind_daemon.store.arrivals import Arrival

# Why a sound failed whose file was away, or touched while it was heard: worth another try.
AWAY = frozenset({"SOURCE_GONE", "SOURCE_CHANGED", "FOLDER_NOT_WATCHED"})


@dataclass(frozen=True)
class Find:
    """A file of a watch folder that has stopped changing: where it is, and the SHA-256 of what it holds.

    The digest is empty where stat alone tells that it is the sound `place.audio`, with its old content.
    """

    place: Place
    sha256: str = ""


def take(
    db: Database, folder: Folder, finds: Sequence[Find], homeless: Mapping[str, Sequence[str]], most: int
) -> list[Find]:
    """Make finds known: as new sounds, or as news of those that are known; each with its events and its job.

    `homeless` names, by content, sounds whose own file is gone: a find with that content is one of them,
    moved. Finds that must wait are answered: the user has `most` open jobs, or the file is being written by us.
    """
    if not _is_watched(db, folder):
        return []
    written, moving = writes.at_work(db, folder.id)
    known = folders.places_at(db, folder.id, [find.place.path for find in finds])
    spare = {sha256: [id for id in ids if id not in moving] for sha256, ids in homeless.items()}
    room = most - jobs.count_open(db, folder.user)
    new, waiting = [], []
    for find in finds:
        must_wait = room <= 0 or find.place.path in written
        audio = None if must_wait else _who(db, folder, find, known.get(find.place.path), spare)
        if must_wait:
            waiting.append(find)
        elif audio is not None:
            room -= _follow(db, folder, find, audio)
        elif find.sha256:  # without, its sound was deleted meanwhile: the next sweep finds a new file
            new.append(Arrival(find.place, _name(find.place.path), find.sha256))
            room -= 1
    arrivals.add(db, folder.user, folder.id, new)
    reach("arrivals.recorded")
    return waiting


def lose(db: Database, folder: Folder, audios: Collection[str]) -> None:
    """Mark sounds as missing from a folder that is watched; they stay known."""
    if _is_watched(db, folder):
        _, written = writes.at_work(db, folder.id)
        folders.lose(db, folder.user, set(audios) - written)


def _is_watched(db: Database, folder: Folder) -> bool:
    now = folders.find(db, folder.user, folder.id)
    return now is not None and now.state is not FolderState.PAUSED


def _who(
    db: Database, folder: Folder, find: Find, known: Place | None, spare: dict[str, list[str]]
) -> Audio | None:
    """Which sound a find is: the one known at its path, the one that stat tells, or one that has moved."""
    if known is not None and known.audio:
        return sounds.find(db, folder.user, known.audio)
    if find.place.audio:
        return sounds.find(db, folder.user, find.place.audio)
    if homeless := spare.get(find.sha256):
        return sounds.find(db, folder.user, homeless.pop(0))
    return None


def _follow(db: Database, folder: Folder, find: Find, audio: Audio) -> int:
    """Note what became of a sound, and queue it if there is something to hear; how many jobs that made."""
    changed = find.sha256 not in ("", audio.sha256)
    moved = (folder.id, find.place.path) != (audio.folder, audio.path)
    name = _name(find.place.path) if moved else audio.name
    settled = folders.settle(db, audio, folder.id, find.place, name, find.sha256 if changed else "")
    kinds = {"audio.changed": changed, "audio.moved": moved, "audio.found": audio.missing_at is not None}
    news = next((kind for kind, happened in kinds.items() if happened), "")
    if news:
        events.record(db, folder.user, news, settled)
    if changed or (settled.state is State.FAILED and settled.problem and settled.problem.reason in AWAY):
        jobs.add(db, settled)
        return 1
    return 0


def _name(path: bytes) -> str:
    return path.rsplit(b"/", 1)[-1].decode("utf-8", "replace")
