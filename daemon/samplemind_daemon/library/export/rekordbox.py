"""The XML that rekordbox imports: a collection with beat grids and keys, and one playlist.

A doubtful tempo or key is left out, as there is no way to say there that it is one: rekordbox then finds its own.
As in AlphaTheta's "rekordbox xml format list". A grid begins at `Inizio` seconds with the beat `Battito` of a bar.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import quote_from_bytes
from xml.sax.saxutils import quoteattr

from samplemind_daemon.library.export.grid import in_bar, stretches
from samplemind_daemon.library.export.track import Track, named

METRE = "4/4"  # a grid cannot say that its metre is not known
FAR = 0.08  # by which a user's tempo may differ from that of the beats, or there is no grid
LIST = 500  # tracks of the playlist in one piece
KINDS = {
    "wav": "WAV File",
    "aiff": "AIFF File",
    "mp3": "MP3 File",
    "m4a": "M4A File",
    "flac": "FLAC File",
    "ogg": "OGG File",
}
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Rekordbox:
    """A TRACK a sound, each with its grid, and a playlist of them in this order."""

    counts = True
    names: Collection[str] = frozenset(
        {
            "tempo.bpm",
            "tempo.beats",
            "tempo.downbeats",
            "meter.signature",
            "key.key",
            "genre.labels",
            "tags.words",
        }
    )

    def head(self, total: int) -> str:
        """All up to the first track."""
        product = _element("PRODUCT", {"Name": "SampleMind", "Version": version("samplemind"), "Company": ""})
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<DJ_PLAYLISTS Version="1.0.0">\n  {product}\n'
            f'  <COLLECTION Entries="{total}">\n'
        )

    def track(self, one: Track) -> str:
        """The track and its grid."""
        grid = "".join(f"      {_element('TEMPO', each)}\n" for each in _grid(one))
        return f"    {_element('TRACK', _fields(one), open=True)}\n{grid}    </TRACK>\n"

    def tail(self, total: int) -> Iterator[str]:
        """The playlist."""
        yield "  </COLLECTION>\n  <PLAYLISTS>\n"
        yield '    <NODE Type="0" Name="ROOT" Count="1">\n'
        yield f'      <NODE Name="SampleMind" Type="1" KeyType="0" Entries="{total}">\n'
        for start in range(1, total + 1, LIST):
            some = range(start, min(start + LIST, total + 1))
            yield "".join(f'        <TRACK Key="{number}"/>\n' for number in some)
        yield "      </NODE>\n    </NODE>\n  </PLAYLISTS>\n</DJ_PLAYLISTS>\n"


def _fields(one: Track) -> dict[str, str]:
    """The attributes; what is not known has none."""
    audio, media, bpm = one.audio, one.audio.media, one.sure("tempo.bpm")
    genres = named(one.value("genre.labels"))
    fields = {
        "TrackID": str(one.number),
        "Name": audio.name,
        "Genre": genres[0] if genres else "",
        "Kind": KINDS.get(media.container, "") if media else "",
        "Size": str(audio.size),
        "TotalTime": "" if one.seconds is None else str(round(one.seconds)),
        "AverageBpm": "" if bpm is None else f"{bpm:.2f}",
        "DateAdded": audio.created_at.date().isoformat(),
        "SampleRate": str(media.rate) if media else "",
        "Comments": ", ".join(named(one.value("tags.words"))),
        "Tonality": _tonality(one.sure("key.key")),
        "Location": _location(one),
    }
    return {name: value for name, value in fields.items() if value}


def _grid(one: Track) -> Iterator[dict[str, str]]:
    beats: Sequence[float] = one.sure("tempo.beats") or ()
    if not _fits(one, beats):
        return
    metre, downbeats = one.sure("meter.signature") or METRE, one.sure("tempo.downbeats") or ()
    for each in stretches(beats):
        yield {
            "Inizio": f"{each.start:.3f}",
            "Bpm": f"{each.bpm:.4f}",
            "Metro": metre,
            "Battito": str(in_bar(each.first, beats, downbeats)),
        }


def _fits(one: Track, beats: Sequence[float]) -> bool:
    """Whether the beats are those of the tempo: a user's may be another than they were heard at."""
    bpm = one.found.get("tempo.bpm")
    if len(beats) < 2 or bpm is None or bpm.value is None:
        return len(beats) > 1
    mean = 60 * (len(beats) - 1) / (beats[-1] - beats[0])
    return bpm.made_by != "user" or abs(mean / bpm.value - 1) <= FAR


def _tonality(key: Any) -> str:
    """The key as DJs write it: Am, F#m, C."""
    tonic, _, mode = (key or "").partition(" ")
    return f"{tonic}m" if mode == "minor" else tonic


def _location(one: Track) -> str:
    path = one.path or one.audio.name.encode("utf-8", "replace")
    return f"file://localhost/{quote_from_bytes(path.lstrip(b'/'))}"


def _element(name: str, fields: dict[str, str], open: bool = False) -> str:
    attributes = " ".join(f"{field}={_quoted(value)}" for field, value in fields.items())
    return f"<{name} {attributes}{'' if open else '/'}>"


def _quoted(text: str) -> str:
    return quoteattr(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text))
