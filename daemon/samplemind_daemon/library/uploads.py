"""Bringing sounds in from clients: open, send from the committed offset, finish."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext
from pathlib import Path

import structlog

from samplemind_daemon.failpoint import reach
from samplemind_daemon.library import names
from samplemind_daemon.library.quotas import Quotas
from samplemind_daemon.model import Audio, Lane, Upload
from samplemind_daemon.refusals import Exhausted, Invalid, NotFound, Untimely
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Database, Store, jobs, sounds, uploads
from samplemind_daemon.store.blobs import PART, Blobs
from samplemind_daemon.store.room import needing_room
from samplemind_daemon.tally import NOBODY, Tally

log = structlog.get_logger(__name__)

SHA256 = re.compile(r"[0-9a-f]{64}")
LARGE = 4 * 2**20  # bytes of a file that takes a while to be hashed ...
MOST_HASHED = 2  # ... of which so many are at a time: those few threads are what every piece waits for
HUNG_SECONDS = 5.0  # that a disk gets to keep what is being finished when the daemon goes down
LARGEST_PIECE = 256 * 1024  # bytes in a message


class Uploads:
    """The uploads of all users; `on_work` is called when there are new jobs."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        settings: Settings,
        on_work: Callable[[], None] = lambda: None,
        tally: Tally = NOBODY,
    ) -> None:
        self._store, self._blobs, self._settings, self._on_work = store, blobs, settings, on_work
        self._tally = tally
        self._quotas = Quotas(store, settings)
        self._sending: set[str] = set()
        self._hashing = asyncio.Semaphore(MOST_HASHED)
        self._finishing: dict[str, asyncio.Task[Audio]] = {}

    async def open(
        self, user: str, id: str, name: str, size: int, sha256: str, instantly: bool = True
    ) -> tuple[Upload, int] | Audio:
        """A new upload and how much of it is stored; or `instantly` the user's sound, where its bytes are known.

        Raises Invalid where name, size or digest cannot be, and Exhausted past the user's uploads or quotas.
        """
        self._check(name, size, sha256)
        most, clean = self._settings.max_open_uploads, names.clean(name)
        full = await self._quotas.refusal(user, size)
        opened = await self._store.write(_open, user, id, clean, size, sha256, most, instantly, full)
        if isinstance(opened, Audio):
            return opened
        self._quotas.add(user, size)
        return opened, await self._stored(opened)

    async def find(self, user: str, id: str) -> tuple[Upload, int]:
        """The user's upload, and how many bytes of it are stored."""
        upload = await self._store.read(uploads.find, user, id)
        if upload is None:
            raise NotFound("UPLOAD_NOT_FOUND", f"There is no upload {id[:60]!r}.")
        return upload, await self._stored(upload)

    async def send(self, user: str, pieces: AsyncIterator[tuple[str, int, bytes]]) -> tuple[Upload, int]:
        """Append pieces (upload id, offset, bytes) to one upload; how far it is now.

        What is stored stays so, however the stream ends, and its end finishes nothing: a sender that was
        killed looks like one that is done. Raises Untimely where a piece does not begin at the committed
        offset, and Exhausted where the disk is full.
        """
        upload = None
        try:
            async for id, offset, data in pieces:
                if upload is None:
                    upload = await self._begin(user, id)
                elif id and id != upload.id:
                    raise Invalid("ONE_UPLOAD_ONLY", "A stream carries one upload.", {"upload_id": id[:60]})
                await asyncio.to_thread(self._append, upload, offset, data)
        finally:
            if upload is not None:
                self._sending.discard(upload.id)
        if upload is None:
            raise Invalid("EMPTY_STREAM", "The stream held no message.")
        return await self.find(user, upload.id)

    async def finish(self, user: str, id: str) -> Audio:
        """Keep the upload as a sound and queue its analysis: once this answers, neither is lost.

        Raises Untimely where bytes are missing, Invalid where their digest is not the promised one.
        """
        upload, stored = await self.find(user, id)
        if upload.audio is not None:
            return await self._finished(upload)
        self._expect_whole(upload, stored)
        if upload.id not in self._finishing:
            self._finishing[upload.id] = asyncio.create_task(self._keep(upload))
        # A caller that goes away must not leave it half done, and one that comes back waits for the same.
        return await asyncio.shield(self._finishing[upload.id])

    async def whole(self, user: str, id: str) -> tuple[Upload, Path]:
        """An upload that is not finished, and where its bytes lie; Untimely where some are missing."""
        upload, stored = await self.find(user, id)
        if upload.audio is not None or upload.id in self._finishing:
            raise Untimely("ALREADY_FINISHED", "This upload is finished: it is a sound.")
        self._expect_whole(upload, stored)
        return upload, self._blobs.staging.path(upload.id)

    async def discard(self, upload: Upload) -> None:
        """Forget an upload and its bytes, unless it was finished meanwhile."""
        if await self._store.write(uploads.discard, upload.user, upload.id):
            await asyncio.to_thread(self._blobs.staging.drop, [upload.id])

    async def close(self) -> None:
        """Wait for what is being finished, unless the disk hangs: then its client will ask again."""
        if self._finishing:
            await asyncio.wait(self._finishing.values(), timeout=HUNG_SECONDS)

    async def tidy(self) -> None:
        """Give up the uploads that have expired, and free what is staged for uploads that are no more."""
        while await self._store.write(uploads.forget):
            pass
        staged = await asyncio.to_thread(self._blobs.staging.uploads)
        left = staged - await self._store.read(uploads.unfinished)
        await asyncio.to_thread(self._blobs.staging.drop, left)

    async def _stored(self, upload: Upload) -> int:
        if upload.audio is not None:
            return upload.size
        return await asyncio.to_thread(self._blobs.staging.size, upload.id)

    async def _finished(self, upload: Upload) -> Audio:
        audio = await self._store.read(sounds.find, upload.user, upload.audio or "")
        if audio is None:
            raise NotFound("AUDIO_NOT_FOUND", "The sound of this upload has been deleted.")
        return audio

    def _expect_whole(self, upload: Upload, stored: int) -> None:
        if upload.id in self._sending:
            raise Untimely("STILL_SENDING", "A stream still sends to this upload.")
        if stored != upload.size:
            raise Untimely("INCOMPLETE", f"{stored} of {upload.size} bytes have arrived.")

    def _check(self, name: str, size: int, sha256: str) -> None:
        wrong = {}
        if not names.clean(name):
            wrong["name"] = f"a file name has 1 to {names.LONGEST} characters"
        if not SHA256.fullmatch(sha256):
            wrong["sha256"] = "a SHA-256 is 64 lower-case hexadecimal digits"
        if size <= 0:
            wrong["size_bytes"] = "an empty file holds no sound"
        if wrong:
            raise Invalid(
                "INVALID_UPLOAD", f"The upload cannot be opened: {'; '.join(wrong.values())}.", wrong
            )
        if size > self._settings.max_upload_bytes:
            most = self._settings.max_upload_mb
            raise Invalid("TOO_LARGE", f"An upload has at most {most} MB.", {"size_bytes": str(size)})

    async def _begin(self, user: str, id: str) -> Upload:
        upload, _ = await self.find(user, id)
        if upload.audio is not None or upload.id in self._finishing:
            raise Untimely("ALREADY_FINISHED", "This upload is finished.")
        if upload.id in self._sending:
            raise Untimely("STILL_SENDING", "Another stream sends to this upload.")
        self._sending.add(upload.id)
        return upload

    def _append(self, upload: Upload, offset: int, data: bytes) -> None:
        stored = self._blobs.staging.size(upload.id)
        if offset != stored:
            raise Untimely("WRONG_OFFSET", f"The next piece begins at {stored}, not {offset}.")
        if len(data) > LARGEST_PIECE:
            raise Invalid("PIECE_TOO_LARGE", f"A piece has at most {LARGEST_PIECE} bytes, not {len(data)}.")
        if stored + len(data) > upload.size:
            raise Invalid("TOO_MANY_BYTES", f"The upload was announced with {upload.size} bytes.")
        with needing_room():
            self._blobs.staging.put(upload.id, offset, data)
        self._tally.received(len(data))

    async def _keep(self, upload: Upload) -> Audio:
        most = self._settings.max_open_jobs
        try:
            await self._store.read(_refuse_full, upload, most)  # before the bytes travel for nothing
            async with self._hashing if upload.size > LARGE else nullcontext():
                await asyncio.to_thread(self._verify, upload)
                await self._blobs.run(self._keep_bytes, upload)
            audio = await self._store.write(_accept, upload, most)
            log.info("a sound was sent", audio=audio.id, size=upload.size)
            reach("upload.committed")
        finally:
            del self._finishing[upload.id]
        self._on_work()
        return audio

    def _verify(self, upload: Upload) -> None:
        digest = hashlib.sha256()
        with self._blobs.staging.path(upload.id).open("rb") as file:
            while part := file.read(PART):
                digest.update(part)
        if digest.hexdigest() != upload.sha256:
            self._blobs.staging.drop([upload.id])
            why = {"sha256": f"the bytes that came have {digest.hexdigest()}"}
            raise Invalid("DIGEST_MISMATCH", "The bytes are not those announced; send them again.", why)

    def _keep_bytes(self, upload: Upload) -> None:
        with needing_room():
            self._blobs.keep(upload.id, upload.sha256)


def _open(
    db: Database,
    user: str,
    id: str,
    name: str,
    size: int,
    sha256: str,
    most: int,
    instantly: bool,
    full: Exhausted | None,
) -> Upload | Audio:
    known = sounds.find_content(db, user, sha256)
    if instantly and known is not None and known.missing_at is None:
        return known
    is_new = uploads.find(db, user, id) is None
    if is_new and full is not None:
        raise full
    if is_new and uploads.count_open(db, user) >= most:
        raise Exhausted("TOO_MANY_UPLOADS", f"At most {most} uploads can be open.", retry_seconds=60)
    return uploads.add(db, user, id, name, size, sha256)


def _refuse_full(db: Database, upload: Upload, most: int) -> None:
    """Exhausted where the upload would be one job too many."""
    known = sounds.find_content(db, upload.user, upload.sha256)
    if (known is None or known.missing_at is not None) and jobs.count_open(db, upload.user) >= most:
        raise Exhausted("TOO_MANY_JOBS", f"At most {most} sounds can wait.", retry_seconds=60)


def _accept(db: Database, upload: Upload, most: int) -> Audio:
    """Sound, job and events in one transaction; the same bytes that came in meanwhile are the same sound."""
    _refuse_full(db, upload, most)
    audio = sounds.find_content(db, upload.user, upload.sha256)
    if audio is None or audio.missing_at is not None:
        audio = sounds.add(db, upload.user, upload.id, upload.name, upload.size, upload.sha256)
        jobs.add(db, audio, Lane.BATCH)
    uploads.finish(db, upload.id, audio.id)
    reach("upload.recorded")
    found = sounds.find(db, upload.user, audio.id)
    assert found is not None
    return found
