"""Sounds that were heard, with names of all kinds, to be exported."""

from uuid import uuid4

from heard import listen

from samplemind_daemon.analysis.plugins import find
from samplemind_daemon.library.export import Exports
from samplemind_daemon.library.query import Queries
from samplemind_daemon.model import Order, Place, Query
from samplemind_daemon.store import sounds

STRANGE = [  # names that programs may stumble over
    "plain.wav", "a,b;c.wav", 'say "hi".wav', "ünïcödé ♯♭ 日本.wav", "=1+1.wav", "+49.wav", "-12.wav", "@cmd.wav",
    "'quoted.wav", "'=x.wav", "''=x.wav", "new\nline.wav", "tab\there.wav", "\rreturn.wav", "#EXTM3U", "# hash.wav",
    "<img onerror=x>&amp;.wav", "%41%2F.wav", "a b  c.wav", "..wav", "~", "line\u2028sep.wav", "nel\x85.wav",
    "bell\a.wav", "a" * 200 + ".wav", "C:\\x.wav", "http:x.wav", "🥁.wav", "]]>.wav", "--.wav",
    "=cmd|' /C calc'!A0.wav", "0",
]  # fmt: skip
RHYTHM = {"tempo.bpm": 120.0, "tempo.beats": (0.25, 0.75, 1.25, 1.75, 2.25, 2.75), "tempo.downbeats": (0.75, 2.75),
          "meter.signature": "4/4", "key.key": "F# minor", "loudness.integrated": -17.25,
          "genre.labels": (("house", 0.8), ("techno", 0.6), ("rock", 0.1)),
          "tags.words": ("dusty", "A minor")}  # fmt: skip
EVERYTHING, BY_NAME = Query(), Order("name", False)


class Shelf:
    """Sounds of ada, and files of them."""

    def __init__(self, store):
        self.store, self._exports = store, Exports(store, Queries(store), find)

    async def put(self, name="loop.wav", found=RHYTHM, folder=None, path=b""):
        [id] = await self.put_all([(name, found, folder, path)])
        return id

    async def put_all(self, many):
        return await self.store.write(_put, many)

    async def pieces(self, form, asked=EVERYTHING, order=BY_NAME, hidden=()):
        return [one async for one in self._exports.export("ada", asked, order, form, hidden)]

    async def file(self, form, **how):
        return b"".join(one.data for one in await self.pieces(form, **how))


def _put(db, many):
    """Sounds with a name, what was heard, and a folder and a path below it; their ids."""
    ids = []
    for name, found, *where in many:
        folder, path = where or (None, b"")
        ids.append(str(uuid4()))
        place = Place(ids[-1], path, 9, 1, 1, len(path), None) if folder else None
        listen(db, sounds.add(db, "ada", ids[-1], name, 9, uuid4().hex * 2, folder, place), found)
    return ids
