"""Sounds that are there more than once: the same bytes, the same samples, or the same recording."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from samplemind_daemon.model import Audio, DuplicateGroup, Sameness
from samplemind_daemon.store import Database, Store, identities, sounds
from samplemind_daemon.store.identities import Content

MOST_SHOWN = 100  # sounds of a group
SAME_SECONDS = 0.01  # by which lengths may differ and be called the same
LOSSLESS = frozenset({"flac", "alac", "wavpack", "ape", "tta", "tak"})
Place = tuple[int, str]  # of a group in the list: how many sounds it has, and the least of their ids


@dataclass(frozen=True)
class _Group:
    """Contents that are the same sound."""

    contents: tuple[Content, ...]

    @property
    def place(self) -> Place:
        return sum(one.audios for one in self.contents), min(one.first for one in self.contents)

    @property
    def sameness(self) -> Sameness:
        if len(self.contents) == 1:
            return Sameness.BYTES
        first = self.contents[0].audio
        return (
            Sameness.AUDIO
            if first and all(one.audio == first for one in self.contents)
            else Sameness.RECORDING
        )


class Duplicates:
    """The duplicates of all users."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(
        self, user: str, sameness: Sameness, limit: int, after: Place | None
    ) -> tuple[list[tuple[Place, DuplicateGroup]], bool]:
        """Up to `limit` groups, the largest first, after this place; and whether they are the last."""
        known = await self._store.read(identities.contents, user)
        pairs = await self._store.read(_pairs) if sameness is Sameness.RECORDING else []
        found = await asyncio.to_thread(_groups, known, pairs, sameness)
        left = [one for one in found if after is None or _order(one.place) > _order(after)]
        shown = [(one.place, await self._store.read(_shown, user, one)) for one in left[:limit]]
        return [one for one in shown if one[1].total > 1], len(left) <= limit


def _pairs(db: Database) -> list[tuple[int, int]]:
    return list(identities.twins(db))


def _groups(known: Sequence[Content], pairs: Iterable[tuple[int, int]], sameness: Sameness) -> list[_Group]:
    """The contents that are the same, the largest groups first."""
    heads: dict[str, str] = {one.sha256: one.sha256 for one in known}
    if sameness >= Sameness.AUDIO:
        by_audio: dict[str, str] = {}
        for one in known:
            if one.audio:
                _join(heads, one.sha256, by_audio.setdefault(one.audio, one.sha256))
    mine = {one.serial: one.sha256 for one in known if one.serial}
    for serial, other in pairs:
        if serial in mine and other in mine:
            _join(heads, mine[serial], mine[other])
    gathered = defaultdict(list)
    for one in known:
        gathered[_head(heads, one.sha256)].append(one)
    groups = [_Group(tuple(some)) for some in gathered.values()]
    return sorted((one for one in groups if one.place[0] > 1), key=lambda one: _order(one.place))


def _head(heads: dict[str, str], sha256: str) -> str:
    while heads[sha256] != sha256:
        heads[sha256] = heads[heads[sha256]]
        sha256 = heads[sha256]
    return sha256


def _join(heads: dict[str, str], one: str, other: str) -> None:
    heads[_head(heads, one)] = _head(heads, other)


def _order(place: Place) -> tuple[int, str]:
    return -place[0], place[1]


def _shown(db: Database, user: str, group: _Group) -> DuplicateGroup:
    ids = identities.audios_of(db, user, [one.sha256 for one in group.contents[:500]], 10 * MOST_SHOWN)
    audios = sorted(sounds.find_many(db, user, ids).values(), key=_quality)[:MOST_SHOWN]
    total = sum(one.audios for one in group.contents)
    return DuplicateGroup(group.sameness, tuple(audios), total, tuple(_differences(audios)))


def _quality(audio: Audio) -> tuple[bool, float, int, int, float, str]:
    """What sorts the best encoding first: without loss, then by rate, bits, channels, and bytes a second."""
    media = audio.media
    if media is None:
        return True, 0.0, 0, 0, 0.0, audio.id
    lossy = not (media.codec in LOSSLESS or media.codec.startswith("pcm"))
    dense = audio.size / media.seconds if media.seconds else 0.0
    return lossy, -media.rate, -media.bits, -media.channels, -dense if lossy else dense, audio.id


def _differences(audios: Sequence[Audio]) -> Iterable[str]:
    """What is not the same of all."""
    for name, say in _ASPECTS.items():
        if len({say(one) for one in audios}) > 1:
            yield name
    lengths = [one.media.seconds for one in audios if one.media]
    if lengths and max(lengths) - min(lengths) > SAME_SECONDS:
        yield "duration"


_ASPECTS: dict[str, Callable[[Audio], Hashable]] = {
    "name": lambda one: one.name,
    "folder": lambda one: (one.folder, (one.path or b"").rpartition(b"/")[0]),
    "container": lambda one: one.media.container if one.media else "",
    "codec": lambda one: one.media.codec if one.media else "",
    "sample_rate": lambda one: one.media.rate if one.media else 0,
    "bit_depth": lambda one: one.media.bits if one.media else 0,
    "channels": lambda one: one.media.channels if one.media else 0,
    "tags": lambda one: frozenset(one.media.tags.items()) if one.media else frozenset(),
}
