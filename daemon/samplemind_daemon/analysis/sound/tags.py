"""What a file says in words: title, artist, key, tempo and the like, kept short and harmless."""

import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import mutagen

from .file import File

_LONGEST = 4_096  # bytes of UTF-8 a tag
_MOST_FILE_TAGS = 2**25  # bytes of tag that are still read: mutagen holds all of it, pictures too
_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(  # ID3, MP4, ASF, and Vorbis or APE, in lower case
    {
        "title": ("tit2", "\xa9nam", "title"),
        "artist": ("tpe1", "\xa9art", "author", "artist"),
        "album": ("talb", "\xa9alb", "wm/albumtitle", "album"),
        "genre": ("tcon", "\xa9gen", "wm/genre", "genre"),
        "bpm": ("tbpm", "tmpo", "wm/beatsperminute", "bpm", "tempo"),
        "key": ("tkey", "----:com.apple.itunes:initialkey", "wm/initialkey", "initialkey", "key"),
        "date": ("tdrc", "tyer", "\xa9day", "wm/year", "date", "year"),
        "comment": ("comm", "\xa9cmt", "description", "comment"),
    }
)


def read_tags(file: File) -> Mapping[str, str]:
    """The tags of a file by lower-case name; whatever is wrong with them, none is read and nothing fails."""
    head = file.at(0, 7)
    if head.startswith(b"ID3") and (head[-1] & 127) << 21 > _MOST_FILE_TAGS:
        return {}
    try:
        with file.stream() as stream:
            found = mutagen.File(stream)
        stored = dict(found.tags.items()) if found is not None and found.tags is not None else {}
        return _named(stored)
    except Exception:  # a hundred ways to be malformed, in a library that tells few of them apart
        return {}


def clean(text: str) -> str:
    """The text without control characters, cut to what a tag may hold."""
    kept = "".join(one for one in text if unicodedata.category(one) not in ("Cc", "Cs", "Cf"))
    return kept.strip().encode()[:_LONGEST].decode(errors="ignore")


def _named(stored: Mapping[Any, Any]) -> Mapping[str, str]:
    lowered = {str(name).lower(): value for name, value in stored.items()}
    lowered |= {name.split(":")[0]: value for name, value in lowered.items() if name.startswith("comm:")}
    tags = {}
    for name, spellings in _NAMES.items():
        text = next((clean(_text(lowered[one])) for one in spellings if one in lowered), "")
        if text:
            tags[name] = text
    return tags


def _text(value: Any) -> str:
    """The first of the values that a tag has, as text."""
    value = getattr(value, "text", value)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        value = next(iter(value), "")
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
