"""Which files a command line means: the same ones that `samplemindd analyze` would hear."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from samplemind_client.commands.output import printable

NO_SOUND = frozenset(  # endings that files beside sounds have; all others are tried
    """
    .als .alp .asd .bak .bin .bmp .c .cfg .conf .cpp .css .csv .cue .db .dll .doc .docx .exe .fxp .gif
    .gz .h .htm .html .ico .ini .jpeg .jpg .js .json .lock .log .lua .m3u .m3u8 .map .md .mid .midi .nfo
    .npy .npz .part .pdf .pkl .pls .png .ps1 .py .pyc .reapeaks .rpp .rtf .sf2 .sfk .sfv .sfz .sh .so
    .sql .sqlite .svg .tar .tmp .toml .torrent .ts .tsv .ttf .txt .url .webp .xls .xlsx .xml .xspf .yaml
    .yml .zip
    """.split()
)


@dataclass(frozen=True)
class Item:
    """A file to be sent, or what cannot be: then `reason` and `message` say why."""

    path: str
    reason: str = ""
    message: str = ""


def files(paths: Iterable[str]) -> Iterator[Item]:
    """Every path that is no folder, and what may be sound in every folder and those below it.

    Hidden names in folders are passed over, and links to folders are not followed.
    """
    for path in paths:
        yield from _below(path) if os.path.isdir(path) else [_named(path)]


def _named(path: str) -> Item:
    if not os.path.lexists(path):
        return Item(path, "NOT_FOUND", f"there is no file {printable(path)}")
    if os.path.exists(path) and not os.path.isfile(path):
        return Item(path, "NOT_A_FILE", f"{printable(path)} is not a regular file")
    return Item(path)


def _below(folder: str) -> Iterator[Item]:
    """What may be sound below a folder, by name; without recursion, so no depth is too deep."""
    stack = [folder]
    while stack:
        here = stack.pop()
        try:
            with os.scandir(here) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            why = error.strerror or str(error)
            yield Item(here, "UNREADABLE", f"the folder cannot be read: {why}")
            continue
        shown = [entry for entry in entries if not entry.name.startswith(".")]
        yield from (Item(entry.path) for entry in shown if _may_be_sound(entry))
        stack += [entry.path for entry in reversed(shown) if entry.is_dir(follow_symlinks=False)]


def _may_be_sound(entry: os.DirEntry[str]) -> bool:
    ending = os.path.splitext(entry.name)[1].lower()
    try:
        return ending not in NO_SOUND and entry.is_file()
    except OSError:
        return True  # a link in a circle, say: opening it will tell
