"""What a plan would do to each file: looked at, and nothing changed."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from samplemind_daemon.analysis.corrected import corrected, needed
from samplemind_daemon.library.writing import values
from samplemind_daemon.library.writing.ground import Ground, has_stamp
from samplemind_daemon.library.writing.names import Names, NoName
from samplemind_daemon.library.writing.sidecar import sidecar_of
from samplemind_daemon.library.writing.template import LONGEST_PATH, fill, name_in
from samplemind_daemon.model import (
    Audio,
    Descriptor,
    FileChange,
    FileState,
    Folder,
    FolderState,
    Problem,
    State,
    TagChange,
    WritePlan,
    WriteState,
)
from samplemind_daemon.store import Database, corrections, folders, results, sounds, writes

Wants = Callable[[Folder], Callable[[bytes], bool]]  # whether a folder is watched for a path
STEP = 500  # sounds read at a time


@dataclass(frozen=True)
class Subject:
    """A sound whose file is to be written, and all that is needed for it."""

    audio: Audio
    folder: Folder | None
    stamp: tuple[int, int]  # the file's time and inode, as they were last seen
    known: Mapping[str, Descriptor]
    is_here: bool = True  # and not on another daemon's machine

    @property
    def before(self) -> FileState:
        """The file as it was last seen."""
        return FileState(self.audio.sha256, self.audio.size, *self.stamp)


def look(db: Database, user: str, ids: Sequence[str]) -> list[Subject]:
    """The user's sounds among these, in this order."""
    found: list[Subject] = []
    watched: dict[str, Folder | None] = {}
    for start in range(0, len(ids), STEP):
        audios = sounds.find_many(db, user, ids[start : start + STEP])
        heard = results.of_many(db, [one.sha256 for one in audios.values()], needed(values.NAMES))
        said, stamps = corrections.of_many(db, list(audios)), writes.stamps(db, list(audios))
        for id in dict.fromkeys(ids[start : start + STEP]):
            if (audio := audios.get(id)) is not None:
                if audio.folder and audio.folder not in watched:
                    watched[audio.folder] = folders.find(db, user, audio.folder)
                seconds = audio.media.seconds if audio.media else 0.0
                known = corrected(heard.get(audio.sha256, ()), said.get(id, ()), seconds)
                folder = watched.get(audio.folder or "")
                is_here = folder is None or folders.is_here(db, folder)
                found.append(Subject(audio, folder, stamps[id], values.descriptors(known), is_here))
    return found


def changes(write: str, plan: WritePlan, subjects: Sequence[Subject], wants: Wants) -> Iterator[FileChange]:
    """What would change of each file; those of which nothing would are left out."""
    names: dict[bytes, Names] = {}
    place = 0
    for subject in subjects:
        change = _change(write, place, plan, subject, wants, names)
        moves = change.new_path != change.path
        if change.problem or change.tags or change.sidecar or moves:
            place += 1
            yield change


def _change(
    write: str, place: int, plan: WritePlan, subject: Subject, wants: Wants, names: dict[bytes, Names]
) -> FileChange:
    """What would change of a file, or why it cannot be written."""
    audio, path = subject.audio, subject.audio.path or b""
    nothing = FileChange(
        write, place, audio.id, audio.folder or "", path, path, (), (), b"", b"", subject.before
    )
    problem = _unfit(subject)
    if problem is None:
        try:
            return _look_at(nothing, plan, subject, wants, names)
        except NoName as error:
            problem = Problem("PATH_TAKEN", f"{error}.")
        except OSError as error:
            why = error.strerror or error
            problem = Problem("UNREADABLE", f"{audio.name!r} cannot be looked at: {why}.")
        except _CannotTag as error:
            problem = Problem("CANNOT_TAG", f"{audio.name!r}: {error}.")
    return _refused(nothing, problem)


def _look_at(
    nothing: FileChange, plan: WritePlan, subject: Subject, wants: Wants, names: dict[bytes, Names]
) -> FileChange:
    """What would change of a file that may be written. Raises NoName, OSError and _CannotTag."""
    folder, name, path = subject.folder, subject.audio.name, nothing.path
    assert folder is not None
    ground = Ground(folder.path)
    if not has_stamp(ground.stat(path), subject.before):
        return _refused(nothing, Problem("SOURCE_CHANGED", f"{name!r} was changed, and not yet heard again."))
    tags = _tags(ground, plan, subject)
    new_path = _new_path(ground, plan, subject, names)
    if not wants(folder)(new_path):
        what = f"{new_path.decode('utf-8', 'replace')!r} would not be watched in its folder any more."
        return _refused(nothing, Problem("NOT_WATCHED_THERE", what))
    old = sidecar_of(path) if ground.stat(sidecar_of(path)) is not None else b""
    has_sidecar = plan.sidecar or (bool(old) and new_path != path)
    return replace(
        nothing,
        new_path=new_path,
        tags=tuple(tags),
        values=tuple(values.tag_values(subject.known, plan.tags).items()) if tags else (),
        sidecar=sidecar_of(new_path) if has_sidecar else b"",
        old_sidecar=old if has_sidecar else b"",
    )


def _refused(nothing: FileChange, problem: Problem) -> FileChange:
    return replace(nothing, state=WriteState.REFUSED, problem=problem)


def _unfit(subject: Subject) -> Problem | None:
    """Why a sound's file cannot be written at all."""
    audio, folder, name = subject.audio, subject.folder, subject.audio.name
    if audio.folder is None or audio.path is None:
        return Problem("NOT_IN_A_FOLDER", f"{name!r} was sent here, and lies in no watch folder.")
    if folder is None or folder.state is FolderState.OFFLINE:
        return Problem("FOLDER_NOT_WATCHED", f"The folder of {name!r} is not watched any more, or not there.")
    if not subject.is_here:
        return Problem("FOLDER_ELSEWHERE", f"Another daemon watches the folder of {name!r}: ask that one.")
    if audio.missing_at is not None:
        return Problem("MISSING", f"{name!r} is not in its folder any more.")
    if audio.state is not State.COMPLETED or audio.media is None:
        return Problem("NOT_ANALYZED", f"{name!r} is {audio.state}: only what was analysed is written.")
    return None


class _CannotTag(Exception):
    """As the CannotTag of analysis/sound/tagging.py, which is imported only when it is needed."""


def _tags(ground: Ground, plan: WritePlan, subject: Subject) -> list[TagChange]:
    said = values.tag_values(subject.known, plan.tags)
    if not said:
        return []
    from samplemind_daemon.analysis.sound.tagging import CannotTag, tag_changes

    assert subject.audio.path is not None and subject.audio.media is not None
    try:
        with ground.reading(subject.audio.path) as file:
            return tag_changes(file, subject.audio.media, said)
    except CannotTag as problem:
        raise _CannotTag(str(problem)) from None


def _new_path(ground: Ground, plan: WritePlan, subject: Subject, names: dict[bytes, Names]) -> bytes:
    path = subject.audio.path or b""
    if not plan.template:
        return path
    stem, ending = os.path.splitext(path.rpartition(b"/")[2])
    name = name_in(plan.template, path, ending.decode("utf-8", "replace")) or stem.decode("utf-8", "replace")
    said = values.name_values(subject.known, name)
    wanted = fill(plan.template, said, ending.decode("utf-8", "replace"))
    if _has_shape(plan.template, said, path, ending):
        return path
    if len(wanted) > LONGEST_PATH:
        raise NoName(f"a path of {len(wanted):,} bytes is longer than {LONGEST_PATH:,}")
    return names.setdefault(ground.root, Names(ground)).give(wanted, path)


def _has_shape(template: str, said: Mapping[str, str], path: bytes, ending: bytes) -> bool:
    """Whether a path is what the template makes of some name: or each time would add to it what it has already."""
    mark = "\ue000"  # of private use: in no name
    before, _, after = fill(template, {**said, "name": mark}, ending.decode("utf-8", "replace")).partition(
        mark.encode()
    )
    fits = path.startswith(before) and path.endswith(after) and len(path) > len(before) + len(after)
    return fits and b"/" not in path[len(before) : len(path) - len(after)]
