"""Tags written into files, by container: what else a file holds is left to be what it is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from samplemind_daemon.model import Media, TagChange

MOST_TAG_BYTES = 2**25  # of tags that a file may hold beforehand: mutagen holds all of them, pictures too
_ID3 = {"bpm": "TBPM", "key": "TKEY", "genre": "TCON", "comment": "COMM"}
_VORBIS = {"bpm": "BPM", "key": "INITIALKEY", "genre": "GENRE", "comment": "COMMENT"}
_MP4 = {"bpm": "tmpo", "key": "----:com.apple.iTunes:initialkey", "genre": "\xa9gen", "comment": "\xa9cmt"}


class CannotTag(Exception):
    """The file cannot be given tags; the message is a sentence that says why."""


@dataclass(frozen=True)
class _Family:
    """How the files of some containers hold their tags."""

    fields: Mapping[str, str]
    read: Callable[[Any, str], str]
    put: Callable[[Any, str, str], None]


def tag_changes(file: BinaryIO, media: Media, values: Mapping[str, str]) -> list[TagChange]:
    """What writing these values would change. `file` is open for reading; raises CannotTag."""
    family, audio = _open(file, media)
    return list(_changes(family, audio.tags, values))


def write_tags(file: BinaryIO, media: Media, values: Mapping[str, str]) -> None:
    """Write these values into a file that is open for reading and writing; raises CannotTag."""
    family, audio = _open(file, media)
    changes = list(_changes(family, audio.tags, values))
    if audio.tags is None:
        audio.add_tags()
    for change in changes:
        family.put(audio.tags, change.field, change.after)
    file.seek(0)
    try:
        if family is _ID3S and audio.tags.version[:2] == (
            2,
            3,
        ):  # and is not made 2.4, which fewer programs read
            audio.tags.update_to_v23()
            audio.save(file, v2_version=3)
        else:
            audio.save(file)
    except Exception as error:  # a hundred ways to be malformed, in a library that tells few of them apart
        raise CannotTag(f"its tags cannot be written: {_sentence(error)}") from error


def _changes(family: _Family, tags: Any, values: Mapping[str, str]) -> Iterator[TagChange]:
    for name, value in values.items():
        field = family.fields[name]
        before = family.read(tags, field) if tags is not None else ""
        after = str(round(float(value))) if field == "tmpo" else value  # a whole number there
        if before != after:
            yield TagChange(field, before, after)


def _open(file: BinaryIO, media: Media) -> tuple[_Family, Any]:
    """The file as mutagen knows it. Raises CannotTag where its container takes no tags, or they are odd."""
    import mutagen.aiff  # only now: the daemon can do without, mostly
    import mutagen.flac
    import mutagen.mp3
    import mutagen.mp4
    import mutagen.oggflac
    import mutagen.oggopus
    import mutagen.oggvorbis
    import mutagen.wave

    kinds: dict[str, tuple[_Family, Any]] = {
        "mp3": (_ID3S, mutagen.mp3.MP3),
        "aiff": (_ID3S, mutagen.aiff.AIFF),
        "wav": (_ID3S, mutagen.wave.WAVE),
        "flac": (_VORBISES, mutagen.flac.FLAC),
        "ogg vorbis": (_VORBISES, mutagen.oggvorbis.OggVorbis),
        "ogg opus": (_VORBISES, mutagen.oggopus.OggOpus),
        "ogg flac": (_VORBISES, mutagen.oggflac.OggFLAC),
        "m4a": (_MP4S, mutagen.mp4.MP4),
    }
    name = f"ogg {media.codec}" if media.container == "ogg" else media.container
    if name not in kinds:
        raise CannotTag(f"files of the kind {name} are given no tags")
    file.seek(0)
    head = file.read(7)
    if head.startswith(b"ID3") and (head[-1] & 127) << 21 > MOST_TAG_BYTES:
        raise CannotTag("its tag is larger than 32 MiB")
    file.seek(0)
    family, kind = kinds[name]
    try:
        return family, kind(file)
    except Exception as error:
        raise CannotTag(f"its tags cannot be read: {_sentence(error)}") from error


def _read_id3(tags: Any, field: str) -> str:
    found = tags.getall("COMM::eng" if field == "COMM" else field)
    return str(found[0].text[0]) if found and found[0].text else ""


def _put_id3(tags: Any, field: str, value: str) -> None:
    import mutagen.id3

    # Of comments the plain one, and none of those that programs keep their own things in.
    key, more = ("COMM::eng", {"lang": "eng", "desc": ""}) if field == "COMM" else (field, {})
    tags.setall(key, [mutagen.id3.Frames[field](encoding=3, text=[value], **more)])


def _read_vorbis(tags: Any, field: str) -> str:
    return str(tags[field][0]) if tags.get(field) else ""


def _put_vorbis(tags: Any, field: str, value: str) -> None:
    tags[field] = [value]


def _read_mp4(tags: Any, field: str) -> str:
    found = tags.get(field)
    if not found:
        return ""
    return found[0].decode("utf-8", "replace") if isinstance(found[0], bytes) else str(found[0])


def _put_mp4(tags: Any, field: str, value: str) -> None:
    if field == "tmpo":
        tags[field] = [int(value)]
    else:
        tags[field] = [value.encode()] if field.startswith("----") else [value]


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}"


_ID3S = _Family(_ID3, _read_id3, _put_id3)
_VORBISES = _Family(_VORBIS, _read_vorbis, _put_vorbis)
_MP4S = _Family(_MP4, _read_mp4, _put_mp4)
