"""Exports: what a query finds, as a file that is told piece by piece."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from samplemind_daemon.library.analyses import Analysis, of_sounds
from samplemind_daemon.library.export.table import columns
from samplemind_daemon.library.export.track import Form, Track, place
from samplemind_daemon.library.query import Queries
from samplemind_daemon.library.shown import without
from samplemind_daemon.model import Catalogue, Order, Query
from samplemind_daemon.refusals import Unavailable
from samplemind_daemon.store import Database, Store, folders, sounds

PIECE = 64 * 1024  # bytes
AT_A_TIME = 100  # sounds in memory
MOST_FOLDERS = 1_000


@dataclass(frozen=True)
class Piece:
    """Bytes of a file, and how many sounds it tells of so far, of how many."""

    data: bytes
    done: int
    total: int


class Exports:
    """Files for all users."""

    def __init__(self, store: Store, queries: Queries, catalogue: Callable[[], Catalogue]) -> None:
        self._store, self._queries, self._catalogue = store, queries, catalogue

    def columns(self, asked: Sequence[str], hidden: Collection[str] = ()) -> tuple[str, ...]:
        """The descriptors that are meant by names of descriptors and analyzers, as `table.columns` has it."""
        return columns(asked, self._catalogue(), hidden)

    async def export(
        self, user: str, asked: Query, order: Order, form: Form, hidden: Collection[str] = ()
    ) -> AsyncGenerator[Piece, None]:
        """The file, in pieces of 64 KiB but the last; sounds that are deleted meanwhile are left out.

        Raises Invalid for what is no query, and Unavailable at the end where that makes the file untrue.
        """
        ids = await self._queries.ids(user, asked, order)
        waiting, done = bytearray(), 0
        async for text, told in self._texts(user, ids, form, hidden):
            waiting += text.encode("utf-8", "replace")
            done += told
            while len(waiting) > PIECE:
                yield Piece(bytes(waiting[:PIECE]), done, len(ids))
                del waiting[:PIECE]
        if form.counts and done < len(ids):
            why = f"{len(ids) - done} of the sounds were deleted while the file was written; ask again."
            raise Unavailable("CHANGED_MEANWHILE", why, retry_seconds=1)
        yield Piece(bytes(waiting), done, len(ids))

    async def _texts(
        self, user: str, ids: Sequence[str], form: Form, hidden: Collection[str]
    ) -> AsyncIterator[tuple[str, int]]:
        """The text in parts, each with the number of sounds that it tells of."""
        roots = {one.id: one.path for one in await self._store.read(folders.page, user, "", MOST_FOLDERS)}
        yield form.head(len(ids)), 0
        for start in range(0, len(ids), AT_A_TIME):
            some = ids[start : start + AT_A_TIME]
            yield await self._store.read(_tell, user, some, start, form, roots, hidden)
        for part in form.tail(len(ids)):
            yield part, 0


def _tell(
    db: Database,
    user: str,
    ids: Sequence[str],
    before: int,
    form: Form,
    roots: Mapping[str, bytes],
    hidden: Collection[str],
) -> tuple[str, int]:
    """What the file says of some sounds, made beside the event loop; `before` come before them."""
    known = sounds.find_many(db, user, ids)
    audios = [known[id] for id in ids if id in known]
    nothing = [Analysis(one, (), None) for one in audios]
    analyses = of_sounds(db, audios, frozenset(form.names)) if form.names else nothing
    tracks = [
        Track(before + number, without(one, hidden), place(one.audio, roots))
        for number, one in enumerate(analyses, start=1)
    ]
    return "".join(map(form.track, tracks)), len(tracks)
