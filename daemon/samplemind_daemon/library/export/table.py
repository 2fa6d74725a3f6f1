"""CSV as in RFC 4180, for spreadsheets and back."""

import csv
import io
import os
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from samplemind_daemon.library.correctable import NAMES, declarations
from samplemind_daemon.library.export.track import Track, named
from samplemind_daemon.model import Catalogue
from samplemind_daemon.refusals import Invalid

USUAL = (*NAMES, "key.camelot", "loudness.integrated", "energy.level", "danceability.level")
ABOUT = (
    "id",
    "name",
    "path",
    "state",
    "seconds",
    "container",
    "sample_rate",
    "channels",
    "size_bytes",
    "created_at",
)
FILE = ("file.kind", "file.bpm", "file.beats", "file.key", "file.root_note")
MOST = 200  # columns
# What programs take for a formula, or may once they have dropped what stands before it
_FORMULA = re.compile(r"'*(?:[\s\x00-\x1f\ufeff]*[=+\-@＝＋－＠]|[\t\r\n\x00])")


class Table:
    """A row a sound: what it is and where, then the descriptors of these names."""

    counts = False

    def __init__(self, names: Sequence[str]) -> None:
        self.names: Collection[str] = names

    def head(self, total: int) -> str:
        """The names of the columns."""
        return _line([*ABOUT, *self.names])

    def track(self, one: Track) -> str:
        """A row."""
        return _line([*map(cell, _about(one)), *(cell(one.value(name)) for name in self.names)])

    def tail(self, total: int) -> Iterator[str]:
        """Nothing."""
        yield from ()


def columns(asked: Sequence[str], catalogue: Catalogue, hidden: Collection[str]) -> tuple[str, ...]:
    """The descriptors that are meant by names of descriptors and analyzers: the usual ones if none are named.

    Those whose first part is hidden are left out. Raises Invalid for a name of nothing, and for too many.
    """
    every = (*declarations(catalogue), *FILE)
    found: list[str] = []
    for name in asked or [one for one in USUAL if one in every]:
        meant = [one for one in every if name in (one, one.partition(".")[0])]
        if not meant:
            raise _wrong(f"there is no descriptor or analyzer {name[:60]!r}")
        found += meant
    shown = tuple(dict.fromkeys(one for one in found if one.partition(".")[0] not in hidden))
    if len(shown) > MOST:
        raise _wrong(f"{len(shown)} are more than {MOST}")
    return shown


def cell(value: Any) -> str:
    """A value as it stands in a cell: numbers as they are, texts with an apostrophe where they may be formulas."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case tuple():
            numbers = all(isinstance(one, int | float) for one in value)
            return guarded("; ".join(map(repr, value) if numbers else named(value)))
    return guarded(str(value))


def guarded(text: str) -> str:
    """The text, behind an apostrophe where a program could take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _about(one: Track) -> Iterator[Any]:
    audio, media = one.audio, one.audio.media
    yield from (audio.id, audio.name, os.fsdecode(one.path), str(audio.state), one.seconds)
    yield from (media.container, media.rate, media.channels) if media else (None, None, None)
    yield from (audio.size, audio.created_at.isoformat())


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _wrong(why: str) -> Invalid:
    return Invalid("INVALID_DESCRIPTORS", f"This cannot be exported: {why}.", {"descriptors": why})
