"""Which names are free in the folders below a root: none is taken twice, nor in another case only."""

import unicodedata

from samplemind_daemon.library.writing.ground import Ground
from samplemind_daemon.library.writing.sidecar import sidecar_of
from samplemind_daemon.library.writing.template import numbered

MOST_NUMBERS = 10_000


class NoName(Exception):
    """No file can have that path; the message says why."""


class Names:
    """The names below a root, those that are there and those that were given out."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._known: dict[
            bytes, dict[str, bytes]
        ] = {}  # by folder: each name as it is, by how it is compared

    def give(self, path: bytes, own: bytes) -> bytes:
        """The path that the file at `own` is to have: this one, in the spelling of the folders that are there, with a
        number if it is taken. Raises NoName and OSError.
        """
        *above, name = path.split(b"/")
        folder = b""
        for part in above:
            spelled = self._in(folder).setdefault(_folded(part), part)
            folder = folder + b"/" + spelled if folder else spelled
        wanted = folder + b"/" + name if folder else name
        if wanted == own:
            return own
        for number in range(1, MOST_NUMBERS):
            free = wanted if number == 1 else numbered(wanted, number)
            if free == own or self._take(folder, free, own):
                return free
        raise NoName(
            f"{path.decode(errors='replace')} is taken, and so are {MOST_NUMBERS:,} numbers after it"
        )

    def _take(self, folder: bytes, path: bytes, own: bytes) -> bool:
        names = self._in(folder)
        both = [one.rpartition(b"/")[2] for one in (path, sidecar_of(path))]
        mine = (
            {one.rpartition(b"/")[2] for one in (own, sidecar_of(own))} if _folder(own) == folder else set()
        )
        if any(names.get(_folded(name)) not in (None, *mine) for name in both):
            return False
        names.update({_folded(name): name for name in both})
        return True

    def _in(self, folder: bytes) -> dict[str, bytes]:
        if folder not in self._known:
            self._known[folder] = {_folded(name): name for name in self._ground.names(folder)}
        return self._known[folder]


def _folder(path: bytes) -> bytes:
    return path.rpartition(b"/")[0]


def _folded(name: bytes) -> str:
    """A name as file systems compare it that know neither case nor ways to compose a letter."""
    return unicodedata.normalize(
        "NFC", unicodedata.normalize("NFC", name.decode("utf-8", "surrogateescape")).casefold()
    )
