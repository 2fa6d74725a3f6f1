"""Which files a command line means."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_BESIDE = """
    .als .alp .asd .bak .bin .bmp .c .cfg .conf .cpp .css .csv .cue .db .dll .doc .docx .exe .fxp .gif
    .gz .h .htm .html .ico .ini .jpeg .jpg .js .json .lock .log .lua .m3u .m3u8 .map .md .mid .midi .nfo
    .npy .npz .part .pdf .pkl .pls .png .ps1 .py .pyc .reapeaks .rpp .rtf .sf2 .sfk .sfv .sfz .sh .so
    .sql .sqlite .svg .tar .tmp .toml .torrent .ts .tsv .ttf .txt .url .webp .xls .xlsx .xml .xspf .yaml
    .yml .zip
"""
NO_SOUND = frozenset(_BESIDE.split())  # endings that files beside sounds have; all others are tried


@dataclass(frozen=True)
class Item:
    """A file to be heard, or a folder that cannot be read: then `problem` says why."""

    path: str
    problem: str = ""


def files(paths: Iterable[str]) -> Iterator[Item]:
    """Every path that is no folder, and what may be sound in every folder and those below it.

    Hidden names in folders are passed over, and links to folders are not followed.
    """
    for path in paths:
        if os.path.isdir(path):
            yield from _below(path)
        else:
            yield Item(path)


def _below(folder: str) -> Iterator[Item]:
    """What may be sound below a folder, by name; without recursion, so no depth is too deep."""
    stack = [folder]
    while stack:
        here = stack.pop()
        try:
            with os.scandir(here) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            yield Item(here, error.strerror or str(error))
            continue
        shown = [entry for entry in entries if not entry.name.startswith(".")]
        yield from (Item(entry.path) for entry in shown if _may_be_sound(entry))
        stack += [entry.path for entry in reversed(shown) if entry.is_dir(follow_symlinks=False)]


def _may_be_sound(entry: os.DirEntry[str]) -> bool:
    ending = os.path.splitext(entry.name)[1].lower()
    try:
        return ending not in NO_SOUND and entry.is_file()
    except OSError:
        return True  # a link in a circle, say: hearing it will tell
