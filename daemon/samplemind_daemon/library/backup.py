"""A home copied while it is lived in, and brought back to life in another place."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from samplemind_daemon.settings import Settings
from samplemind_daemon.store import moving, schema, sqlite
from samplemind_daemon.store.blobs import Blobs, DiskBlobs, open_blobs, prove
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.transfer import refuse_filled, transfer

FORMAT, NOTE = 1, "backup.json"  # the note is written last: without it, a backup is not complete
KEY = "signing.key"


class CannotBackUp(Exception):
    """There can be no copy, from there or to there; the message says why."""


@dataclass(frozen=True)
class Copied:
    """What was copied, and what could not be."""

    contents: int
    bytes: int
    damaged: tuple[str, ...]  # digests of contents that are not what they were; they were left out
    outside: tuple[str, ...]  # watch folders whose files were not copied: they lie elsewhere
    left: str = ""  # the bucket whose bytes were left where they are


@dataclass(frozen=True)
class Note:
    """What a backup says of itself."""

    format: int
    version: str  # of the SampleMind that made it
    schema: str
    made_at: str
    home: str  # where it was copied from
    contents: int
    bytes: int
    blobs: str = ""  # the bucket that the bytes were left in; they are in the backup if empty


def back_up(settings: Settings, target: Path, with_bytes: bool = False) -> Copied:
    """Copy a home to a new folder, whether or not its daemon runs: all that was answered before is in it.

    The database comes first, as of one moment; bytes are only ever added while it is copied. What lies in a
    bucket is left there unless it is to be `with_bytes`. Raises CannotBackUp where the target is not empty,
    CannotOpen where there is no database, CannotServe and Unavailable where there is no bucket.
    """
    if target.resolve().is_relative_to(settings.home.resolve()):
        raise CannotBackUp(f"{target} lies in the home itself")
    if not settings.database and not settings.database_file.is_file():
        raise CannotBackUp(f"there is no database {settings.database_file}")
    _make_empty(target)
    copy = settings.model_copy(update={"home": target})
    _copy_database(settings, copy.database_file)
    outside = moving.outside(copy.database_file, settings.inbox)
    if settings.blobs and not with_bytes:
        copied = Copied(0, 0, (), tuple(outside), settings.blobs)
    else:
        copied = _contents(open_blobs(settings), DiskBlobs(copy.blobs_folder), copy.database_file, outside)
    _files(settings, copy)
    if (settings.home / KEY).is_file():
        shutil.copy2(settings.home / KEY, target / KEY)
    shape = schema.applied(copy.database_file)[-1]
    home, moment = str(settings.home.resolve()), now().isoformat()
    _finish(target, Note(FORMAT, version("samplemind"), shape, moment, home, *_sums(copied)))
    return copied


def restore(source: Path, settings: Settings, keep_key: bool = False) -> Copied:
    """Bring a backup to life in an empty home; a daemon can be started there afterwards.

    Unless the key is kept, every token that was given out before is refused. The database appears last.
    Raises CannotBackUp where there is no complete backup, the home is not empty, or the bytes were left in another
    bucket than the settings name; CannotOpen where it was made by a newer version; CannotServe and Unavailable.
    """
    note = _note(source)
    if note.blobs and note.blobs != settings.blobs:
        raise CannotBackUp(f"the bytes of its sounds were left in {note.blobs}: set SAMPLEMIND_BLOBS to that")
    prove(settings)
    copy = settings.model_copy(update={"home": source})
    schema.refuse_newer(copy.database_file)
    _make_empty(settings.home)
    if settings.database:
        refuse_filled(settings.database)
    settling = settings.home / ".restoring" / copy.database_file.name
    settling.parent.mkdir(mode=0o700)
    sqlite.copy(copy.database_file, settling)
    inbox = Path(note.home) / settings.inbox.name, settings.inbox.resolve()
    moving.settle_in(settling, inbox, None if keep_key else now())
    outside = moving.outside(settling, settings.inbox.resolve())
    if note.blobs:
        copied = Copied(0, 0, (), tuple(outside), note.blobs)
    else:
        copied = _contents(DiskBlobs(copy.blobs_folder), open_blobs(settings), settling, outside)
    _files(copy, settings)
    if keep_key:
        shutil.copy2(source / KEY, settings.home / KEY)
    os.sync()
    if settings.database:
        transfer(settling, settings.database)
    else:
        settling.rename(settings.database_file)
    shutil.rmtree(settling.parent)
    os.sync()
    return copied


def _copy_database(settings: Settings, target: Path) -> None:
    """Copy it as of one moment to a file, which is one of SQLite whatever it was."""
    if settings.database:
        transfer(settings.database, target)
        sqlite.seal(target)
        target.with_name(f"{target.name}.migrating").unlink()
    else:
        sqlite.copy(settings.database_file, target)


def _sums(copied: Copied) -> tuple[int, int, str]:
    return copied.contents, copied.bytes, copied.left


def _note(source: Path) -> Note:
    try:
        note = Note(**json.loads((source / NOTE).read_bytes()))
    except (OSError, ValueError, TypeError):
        raise CannotBackUp(f"{source} is no complete backup: it has no {NOTE} that can be read") from None
    if note.format != FORMAT:
        raise CannotBackUp(f"{source} is a backup of format {note.format}, and this version reads {FORMAT}")
    return note


def _make_empty(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise CannotBackUp(f"{folder} cannot be made: {problem.strerror}") from None
    if any(folder.iterdir()):
        raise CannotBackUp(f"{folder} is not empty")


def _contents(old: Blobs, new: Blobs, database: Path, outside: list[str]) -> Copied:
    """Copy the bytes of the contents that a database knows, and check each on the way."""
    there = {copy.sha256: copy.size for folder in old.folders() for copy in old.kept(folder)}
    many, size, damaged = 0, 0, []
    for sha256 in moving.contents(database):
        if sha256 not in there:
            continue  # it lies in a watch folder, or was missing before
        if new.take_in(sha256, old.pieces(sha256)):
            many, size = many + 1, size + there[sha256]
        else:
            damaged.append(sha256)
    return Copied(many, size, tuple(damaged), tuple(outside))


def _files(old: Settings, new: Settings) -> None:
    """Copy what lies in the home for its people: dropped-in plugins, and the files of the inbox."""
    for source, target in ((old.plugins, new.plugins), (old.inbox, new.inbox)):
        target.mkdir(mode=0o700, exist_ok=True)
        for path in _regular(source):
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # its people may take it away meanwhile
                shutil.copy2(path, place)


def _regular(folder: Path) -> Iterator[Path]:
    """The files below a folder; links are not followed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
            yield path


def _finish(target: Path, note: Note) -> None:
    os.sync()
    fresh = target / f".{NOTE}"
    fields = {name: value for name, value in asdict(note).items() if value != ""}
    fresh.write_text(json.dumps(fields, indent=2) + "\n", "utf-8")
    fresh.replace(target / NOTE)
    os.sync()
