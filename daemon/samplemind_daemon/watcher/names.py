"""Which names in a watch folder count."""

import os
import re
from collections.abc import Iterable
from fnmatch import translate

from samplemind_daemon.library.writing.sidecar import ENDING as SIDECAR
from samplemind_daemon.model import Folder

SOUNDS = frozenset(
    """
    .3gp .aac .ac3 .aif .aifc .aiff .alac .amr .ape .au .bwf .caf .dff .dsf .dts .eac3 .flac .m4a .m4b .mka
    .mp2 .mp3 .mp4 .mpc .mpga .oga .ogg .opus .ra .rf64 .snd .spx .tak .tta .voc .w64 .wav .wave .weba
    .webm .wma .wv
    """.split()
)  # the endings that sounds have
UNFINISHED = frozenset(".aria2 .crdownload .download .filepart .opdownload .part .partial .temp .tmp".split())


class Names:
    """Tells by name alone what of a folder is taken; hidden and unfinished names, and our own sidecars, never are."""

    def __init__(self, folder: Folder) -> None:
        self._recursive = folder.recursive
        self._include, self._ignore = _one_of(folder.include), _one_of(folder.ignore)

    def wants(self, path: bytes) -> bool:
        """Whether a file at this path below the folder counts."""
        *above, name = path.split(b"/")
        if above and not (self._recursive and all(map(_is_shown, above))):
            return False
        return self._wants_name(name) and not (self._ignore and self._ignores_any(path))

    def wants_in_entered(self, path: bytes) -> bool:
        """As `wants`, for a file in a folder that was entered."""
        return self._wants_name(path.rpartition(b"/")[2]) and not self._ignores(path)

    def _wants_name(self, name: bytes) -> bool:
        if not _is_shown(name) or name.lower().endswith(SIDECAR):
            return False
        text = os.fsdecode(name).lower()
        if self._include is None:
            return os.path.splitext(text)[1] in SOUNDS
        return self._include.match(text) is not None

    def enters(self, path: bytes) -> bool:
        """Whether a folder at this path below is looked into."""
        return self._recursive and _is_shown(path.rpartition(b"/")[2]) and not self._ignores(path)

    def _ignores_any(self, path: bytes) -> bool:
        """Whether a pattern leaves out the path or a folder above it."""
        parts = path.split(b"/")
        return any(self._ignores(b"/".join(parts[: depth + 1])) for depth in range(len(parts)))

    def _ignores(self, path: bytes) -> bool:
        if self._ignore is None:
            return False
        text = os.fsdecode(path).lower()
        return any(self._ignore.match(one) for one in (text, text.rpartition("/")[2]))


def _is_shown(name: bytes) -> bool:
    """Whether a name is neither hidden nor that of something unfinished."""
    if name.startswith((b".", b"~")) or name.endswith(b"~"):
        return False
    return os.path.splitext(os.fsdecode(name))[1].lower() not in UNFINISHED


def _one_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """One expression for all patterns, against lower-case text; None if there is none."""
    every = [translate(pattern.lower()) for pattern in patterns]
    return re.compile("|".join(every)) if every else None
