"""M3U8: a playlist in UTF-8, with lengths and titles (#EXTINF)."""

import re
from collections.abc import Collection, Iterator
from urllib.parse import quote_from_bytes

from samplemind_daemon.library.export.track import Track

_BREAK = re.compile(
    r"[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]"
)  # what readers end a line at, or cannot read


class Playlist:
    """Two lines a sound: its length and name; and its path, or the name of an upload."""

    counts = False
    names: Collection[str] = ()

    def head(self, total: int) -> str:
        """The line that makes it one."""
        return "#EXTM3U\n"

    def track(self, one: Track) -> str:
        """The two lines; -1 stands for a length that is not known."""
        title = _BREAK.sub("\N{REPLACEMENT CHARACTER}", one.audio.name).strip()
        seconds = -1 if one.seconds is None else round(one.seconds)
        return f"#EXTINF:{seconds},{title}\n{_place(one)}\n"

    def tail(self, total: int) -> Iterator[str]:
        """Nothing."""
        yield from ()


def _place(one: Track) -> str:
    """The path; as a URL where a line cannot hold it as it is."""
    if not one.path:
        name = _BREAK.sub("\N{REPLACEMENT CHARACTER}", one.audio.name).strip()
        return f"./{name}" if name.startswith("#") else name
    path = one.path.decode("utf-8", "surrogateescape")
    if _BREAK.search(path) or path != path.strip():
        return f"file://{quote_from_bytes(one.path)}"
    return path
