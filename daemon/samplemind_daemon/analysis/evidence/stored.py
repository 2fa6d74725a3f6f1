"""What tags and chunks say of a sound, each under the name of where it is stored."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from samplemind_daemon.model import Media

from .keys import TONICS, note, read_key

SLOWEST, FASTEST = 30.0, 300.0  # BPM
FAR = 0.1  # of its length, by which a sound may differ from its beats

_TAGS: Mapping[str, str] = {  # by container
    **dict.fromkeys(("mp3", "aac", "wav", "rf64", "aiff"), "ID3 tag"),
    **dict.fromkeys(("flac", "ogg"), "Vorbis comment"),
    "m4a": "MP4 tag",
}
_UNASKED = "60"  # the root note that most programs write where nobody chose one


class Claim(NamedTuple):
    """Something that a file says of its sound."""

    name: str  # "bpm", "key", "beats", "root_note" or "kind"
    value: float | int | str
    source: str  # "ID3 tag"
    doubt: str = ""


def read_stored(media: Media) -> Iterator[Claim]:
    """All that tags and chunks claim, those first that were written for loops."""
    tags = media.tags
    yield from _acid(tags, media.seconds)
    yield from _apple_loop(tags, media.seconds)
    source = _TAGS.get(media.container, "tag")
    if (bpm := _number(tags.get("bpm", ""))) and SLOWEST <= bpm <= FASTEST:
        yield Claim("bpm", bpm, source)
    if key := read_key(tags.get("key", "")):
        yield Claim("key", key, source)
    for name, source in (("smpl.root_note", "smpl chunk"), ("inst.root_note", "INST chunk")):
        if midi := tags.get(name):
            doubt = "60 is what many programs write unasked" if midi == _UNASKED else ""
            yield Claim("root_note", note(int(midi)), source, doubt)


def _acid(tags: Mapping[str, str], seconds: float) -> Iterator[Claim]:
    """A one-shot's tempo and beats mean nothing there."""
    source, kind = "ACID chunk", tags.get("acid.kind")
    beats, bpm = int(tags.get("acid.beats", "0")), _number(tags.get("acid.tempo", ""))
    if kind == "one-shot":
        yield Claim("kind", kind, source)
    elif kind and beats:
        yield Claim("kind", kind, source)
        doubt = _misfit(beats, bpm, seconds)
        yield Claim("beats", beats, source, doubt)
        if SLOWEST <= bpm <= FASTEST:
            yield Claim("bpm", bpm, source, doubt)
    if root := tags.get("acid.root_note"):
        yield Claim("root_note", note(int(root)), source)


def _misfit(beats: int, bpm: float, seconds: float) -> str:
    """Why beats and tempo cannot both be true of a sound of this length, if so."""
    long = 60 * beats / bpm if bpm else seconds
    if not seconds or abs(long - seconds) <= FAR * seconds:
        return ""
    return f"{beats} beats at {bpm:g} BPM take {long:.2f} s, and the sound has {seconds:.2f} s"


def _apple_loop(tags: Mapping[str, str], seconds: float) -> Iterator[Claim]:
    """Its tempo is not stored: it follows from beats and length."""
    source, kind, beats = "Apple loop", tags.get("basc.kind"), int(tags.get("basc.beats", "0"))
    if kind and (beats or kind == "one-shot"):
        yield Claim("kind", kind, source)
    if kind == "loop" and beats and seconds:
        yield Claim("beats", beats, source)
        bpm = round(60 * beats / seconds, 2)
        if tags.get("basc.meter", "").endswith("/4") and SLOWEST <= bpm <= FASTEST:
            yield Claim("bpm", bpm, source)
    if root := tags.get("basc.root_note"):
        tonic = TONICS[int(root) % 12]  # its octave says nothing
        yield Claim("root_note", tonic, source)
        if scale := tags.get("basc.scale"):
            yield Claim("key", f"{tonic} {scale}", source)


def _number(text: str) -> float:
    """The number that a text is; 0 if it is none."""
    try:
        return float(text.replace(",", ".").strip())
    except ValueError:
        return 0.0
