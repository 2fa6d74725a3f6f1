"""Kept bytes in a bucket, for as many daemons as use it; what is asked for often lies in a cache on this machine.

Each time that bytes are kept they get a key of their own, below their digest: whoever sweeps removes only keys that it
listed before it asked the database who needs them. What is kept after that it never touches, on whatever machine.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import ParamSpec, TypeVar
from uuid import uuid4

from samplemind_daemon.failpoint import reach
from samplemind_daemon.refusals import Damaged, NotFound, Unavailable
from samplemind_daemon.store.blobs.blobs import Copy
from samplemind_daemon.store.blobs.bucket import PIECE, Bucket, Object
from samplemind_daemon.store.blobs.cache import Cache
from samplemind_daemon.store.blobs.fuse import away
from samplemind_daemon.store.blobs.staging import Staging
from samplemind_daemon.store.threads import Threads

MOST_AT_ONCE = 12  # deeds that wait for the bucket
SEAT_SECONDS = 10.0  # that a deed waits for its turn
SENDING_SECONDS, SLOWEST = 60.0, 250_000  # that sending may take, and bytes a second beside that
FIRST = 256 * 1024  # bytes of a content that are read first: whoever presses play hears them soon
SMALL = 16 * 2**20  # bytes that are got in a moment
MOST_LEAVING = 200  # digests that are looked at in one go

P = ParamSpec("P")
Answer = TypeVar("Answer")


class S3Blobs:
    """The objects of a bucket, a staging folder and a cache."""

    look_seconds, sweep_seconds = 10.0, 3_600.0  # each look is a request that costs, and each sweep hundreds

    def __init__(self, bucket: Bucket, staging: Staging, cache: Cache) -> None:
        self._bucket, self.staging, self._cache = bucket, staging, cache
        self._threads, self._seats = Threads(MOST_AT_ONCE, "bucket"), asyncio.Semaphore(MOST_AT_ONCE)

    async def run(self, deed: Callable[P, Answer], *args: P.args, **kwargs: P.kwargs) -> Answer:
        """As promised; Unavailable where too many others wait for the bucket."""
        try:
            async with asyncio.timeout(SEAT_SECONDS):
                await self._seats.acquire()
        except TimeoutError:
            raise away() from None
        try:
            return await self._threads.run(deed, *args, **kwargs)
        finally:
            self._seats.release()

    def close(self) -> None:
        self._threads.close()

    def path(self, sha256: str) -> None:
        return None

    def has(self, sha256: str) -> bool:
        return self._latest(sha256) is not None

    def is_near(self, sha256: str, size: int) -> bool:
        return size <= SMALL or self._cache.has(sha256)

    def doubt(self, sha256: str) -> None:
        self._cache.doubt(sha256)

    def url(self, sha256: str, seconds: float) -> str | None:
        found = self._latest(sha256)
        return self._bucket.url(found.key, seconds) if found else None

    def keep(self, upload: str, sha256: str) -> None:
        """As promised. Raises Unavailable where the bucket cannot be had, and Damaged where other bytes are staged."""
        reach("blob.staged")
        with self.staging.path(upload).open("rb") as file:
            self._put(sha256, iter(lambda: file.read(PIECE), b""))
        reach("blob.kept")

    def take_in(self, sha256: str, pieces: Iterable[bytes]) -> bool:
        upload = f"{uuid4()}"
        try:
            with self.staging.path(upload).open("xb") as file:
                for piece in pieces:
                    file.write(piece)
            self.keep(upload, sha256)
            return True
        except Damaged:
            return False
        finally:
            self.staging.drop([upload])

    @contextmanager
    def holding(self, sha256: str) -> Iterator[Path]:
        with self._cache.holding(sha256, lambda: self.pieces(sha256)) as path:
            yield path

    def pieces(self, sha256: str, offset: int = 0) -> Iterator[bytes]:
        """As promised, in pieces that grow."""
        found, length = self._latest(sha256), FIRST
        while found is not None and offset < found.size:
            try:
                piece = self._bucket.read(found.key, offset, min(length, found.size - offset))
            except FileNotFoundError:  # it was a spare one
                found = self._latest(sha256)
                continue
            yield piece
            offset, length = offset + len(piece), min(2 * length, PIECE)
        if found is None:
            raise NotFound("SOURCE_GONE", f"The bytes {sha256} are not kept any more.")

    def retire(self, sha256: str) -> None:
        self._bucket.put(_mark("retired", sha256), b"")

    def let_leave(self, sha256s: Iterable[str]) -> None:
        with ThreadPoolExecutor(MOST_AT_ONCE) as threads:
            for _ in threads.map(lambda sha256: self._bucket.put(f"leaving/{sha256}", b""), sha256s):
                pass

    def leaving(self) -> dict[str, list[Copy]]:
        """As promised, some of them where there are many."""
        names = [one.key.rpartition("/")[2] for one in islice(self._bucket.below("leaving"), MOST_LEAVING)]
        return {one: [_copy(found) for found in self._bucket.below(_folder(one))] for one in names}

    def strike(self, sha256: str) -> None:
        self._bucket.remove(f"leaving/{sha256}")

    def folders(self) -> list[str]:
        return sorted({*self._bucket.folders("sha256"), *self._bucket.folders("retired")})

    def kept(self, folder: str) -> list[Copy]:
        return [
            _copy(one)._replace(is_spare=one is not last) for one, last in _beside_last(self._listed(folder))
        ]

    def old(self, folder: str, moment: datetime) -> list[Copy]:
        """As promised; and marks of what is gone."""
        marks = {_sha256(one.key): one for one in self._bucket.below(f"retired/{folder}")}
        found, there = [], set()
        for one, last in _beside_last(self._listed(folder)):
            copy = _copy(one)._replace(is_spare=one is not last)
            there.add(copy.sha256)
            mark = None if copy.is_spare else marks.get(copy.sha256)
            if max(one.modified, mark.modified if mark else one.modified) < moment:
                found.append(copy)
        lone = [one for sha256, one in marks.items() if sha256 not in there and one.modified < moment]
        return found + [Copy(_sha256(one.key), one.key, 0, is_spare=True) for one in lone]

    def drop(self, copy: Copy, moment: datetime) -> bool:
        mark = _mark("retired", copy.sha256)
        if not copy.is_spare:
            with suppress(FileNotFoundError):
                if self._bucket.look_at(mark).modified >= moment:
                    return False
        reach("blob.dropping")
        self._bucket.remove(copy.place)
        if not copy.is_spare:
            self._bucket.remove(mark)
        reach("blob.dropped")
        return True

    def begun(self) -> list[Path]:
        """There are none: a bucket hides what is not whole."""
        return []

    def wrong(self, copy: Copy, size: int | None, deep: bool) -> str:
        if size is not None and copy.size != size:
            return f"{copy.size} bytes are kept, and it has {size}"
        if not deep:
            return ""
        digest = hashlib.sha256()
        try:
            for offset in range(0, copy.size, PIECE):
                digest.update(self._bucket.read(copy.place, offset, min(PIECE, copy.size - offset)))
        except FileNotFoundError:
            return ""  # a daemon has just removed it
        found = digest.hexdigest()
        return "" if found == copy.sha256 else f"its bytes have changed: they are {found} now"

    def set_aside(self, copy: Copy, home: Path) -> str:
        aside = f"set-aside/{copy.sha256}-{uuid4()}"
        self._bucket.rename(copy.place, aside)
        return f"it is set aside in the bucket as {aside}"

    def _put(self, sha256: str, pieces: Iterator[bytes]) -> None:
        """Have the bytes in the bucket, under a key of their own, if they are those."""
        key = f"{_folder(sha256)}/{uuid4()}"
        first = next(pieces, b"")
        if len(first) < PIECE:
            _expect(hashlib.sha256(first).hexdigest(), sha256)
            return self._bucket.put(key, first)
        sending = _Sending(sha256, first, pieces)
        self._bucket.put_pieces(key, sending)
        if (found := self._bucket.look_at(key).size) != sending.size:
            raise Unavailable(
                "BLOBS_UNAVAILABLE", f"The bucket kept {found} of {sending.size} bytes.", retry_seconds=5
            )

    def _latest(self, sha256: str) -> Object | None:
        return max(self._bucket.below(_folder(sha256)), key=_age, default=None)

    def _listed(self, folder: str) -> Iterator[Object]:
        return self._bucket.below(f"sha256/{folder}")


class _Sending:
    """The pieces of a content on their way out, hashed as they go; they end where they take too long."""

    def __init__(self, sha256: str, first: bytes, rest: Iterator[bytes]) -> None:
        self._sha256, self._first, self._rest, self.size = sha256, first, rest, 0

    def __iter__(self) -> Iterator[bytes]:
        digest, began, piece = hashlib.sha256(), time.monotonic(), self._first
        while piece:
            digest.update(piece)
            self.size += len(piece)
            if time.monotonic() - began > SENDING_SECONDS + self.size / SLOWEST:
                raise away()
            following = next(self._rest, b"")
            if not following:
                _expect(digest.hexdigest(), self._sha256)  # before the last piece goes: then nothing is kept
            yield piece
            piece = following


def _expect(found: str, sha256: str) -> None:
    if found != sha256:
        raise Damaged("CORRUPTED", f"The bytes staged for {sha256} have {found} now.")


def _folder(sha256: str) -> str:
    return f"sha256/{sha256[:2]}/{sha256}"


def _mark(kind: str, sha256: str) -> str:
    return f"{kind}/{sha256[:2]}/{sha256}"


def _sha256(key: str) -> str:
    """The digest in a key of content or of a mark."""
    return key.split("/")[2]


def _copy(one: Object) -> Copy:
    return Copy(_sha256(one.key), one.key, one.size)


def _age(one: Object) -> tuple[datetime, str]:
    return one.modified, one.key


def _beside_last(found: Iterable[Object]) -> Iterator[tuple[Object, Object]]:
    """Each of these, and the latest of the same content; some buckets list in no order."""
    contents: dict[str, list[Object]] = {}
    for one in found:
        contents.setdefault(_sha256(one.key), []).append(one)
    for copies in contents.values():
        last = max(copies, key=_age)
        yield from ((one, last) for one in copies)
