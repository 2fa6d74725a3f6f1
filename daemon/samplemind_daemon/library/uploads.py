"""Bringing sounds in from clients: open, send from the committed offset, finish."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

from samplemind_daemon.model import Audio, Lane, Upload
from samplemind_daemon.refusals import Exhausted, Invalid, NotFound, Untimely
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Database, Store, jobs, sounds, uploads
from samplemind_daemon.store.blobs import PART, Blobs

SHA256 = re.compile(r"[0-9a-f]{64}")
LARGEST_PIECE = 256 * 1024  # bytes in a message


class Uploads:
    """The uploads of all users; `on_work` is called when there are new jobs."""

    def __init__(self, store: Store, blobs: Blobs, settings: Settings) -> None:
        self._store, self._blobs, self._settings = store, blobs, settings
        self._sending: set[str] = set()

    async def open(self, user: str, id: str, name: str, size: int, sha256: str) -> Upload | Audio:
        """A new upload; or the user's sound, where these very bytes are known already.

        Raises Invalid where name, size or digest cannot be, and Exhausted past the user's uploads.
        """
        self._check(name, size, sha256)
        known = await self._store.read(sounds.find_content, user, sha256)
        if known is not None and known.missing_at is None:
            return known
        if await self._store.read(uploads.count_open, user) >= self._settings.max_open_uploads:
            most = self._settings.max_open_uploads
            raise Exhausted("TOO_MANY_UPLOADS", f"At most {most} uploads can be open.", retry_seconds=60)
        return await self._store.write(uploads.add, user, id, clean_name(name), size, sha256)

    async def find(self, user: str, id: str) -> tuple[Upload, int]:
        """The user's upload, and how many bytes of it are stored."""
        upload = await self._store.read(uploads.find, user, id)
        if upload is None:
            raise NotFound("UPLOAD_NOT_FOUND", f"There is no upload {id[:60]!r}.")
        return upload, upload.size if upload.audio else self._blobs.size_staged(upload.id)

    async def send(self, user: str, pieces: AsyncIterator[tuple[str, int, bytes]]) -> tuple[Upload, int]:
        """Append pieces (upload id, offset, bytes) to one upload; how far it is now.

        What is stored stays so, however the stream ends. Raises Untimely where a piece does not
        begin at the committed offset.
        """
        upload, staged = None, None
        try:
            async for id, offset, data in pieces:
                if upload is None:
                    upload, _ = await self.find(user, id)
                    staged = self._begin(upload)
                elif id and id != upload.id:
                    raise Invalid("ONE_UPLOAD_ONLY", "A stream carries one upload.", {"upload_id": id[:60]})
                await asyncio.to_thread(self._append, staged, upload, offset, data)
        finally:
            if upload is not None and staged is not None:
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
        if stored != upload.size:
            raise Untimely("INCOMPLETE", f"{stored} of {upload.size} bytes have arrived.")
        if upload.id in self._sending:
            raise Untimely("STILL_SENDING", "A stream still sends to this upload.")
        await asyncio.to_thread(self._verify_and_keep, upload)
        return await self._store.write(_accept, upload, self._settings.max_open_jobs)

    async def tidy(self) -> None:
        """Give up the uploads that have expired, and staged bytes that belong to none."""
        self._blobs.drop_staged(await self._store.write(uploads.forget))

    async def _finished(self, upload: Upload) -> Audio:
        audio = await self._store.read(sounds.find, upload.user, upload.audio or "")
        if audio is None:
            raise NotFound("AUDIO_NOT_FOUND", "The sound of this upload has been deleted.")
        return audio

    def _check(self, name: str, size: int, sha256: str) -> None:
        wrong = {}
        if not clean_name(name):
            wrong["name"] = "a file name has 1 to 255 characters"
        if not SHA256.fullmatch(sha256):
            wrong["sha256"] = "a SHA-256 is 64 lower-case hexadecimal digits"
        if size <= 0:
            wrong["size_bytes"] = "an empty file holds no sound"
        if wrong:
            raise Invalid("INVALID_UPLOAD", "The upload cannot be opened.", wrong)
        if size > self._settings.max_upload_bytes:
            most = self._settings.max_upload_mb
            raise Invalid("TOO_LARGE", f"An upload has at most {most} MB.", {"size_bytes": str(size)})

    def _begin(self, upload: Upload) -> Path:
        if upload.audio is not None:
            raise Untimely("ALREADY_FINISHED", "This upload is finished.")
        if upload.id in self._sending:
            raise Untimely("STILL_SENDING", "Another stream sends to this upload.")
        self._sending.add(upload.id)
        return self._blobs.staged(upload.id)

    def _append(self, staged: Path, upload: Upload, offset: int, data: bytes) -> None:
        stored = self._blobs.size_staged(upload.id)
        if offset != stored:
            raise Untimely("WRONG_OFFSET", f"The next piece begins at {stored}, not {offset}.")
        if len(data) > LARGEST_PIECE:
            raise Invalid("PIECE_TOO_LARGE", f"A piece has at most {LARGEST_PIECE} bytes, not {len(data)}.")
        if stored + len(data) > upload.size:
            raise Invalid("TOO_MANY_BYTES", f"The upload was announced with {upload.size} bytes.")
        with staged.open("ab") as file:
            file.write(data)

    def _verify_and_keep(self, upload: Upload) -> None:
        digest = hashlib.sha256()
        with self._blobs.staged(upload.id).open("rb") as file:
            while part := file.read(PART):
                digest.update(part)
        if digest.hexdigest() != upload.sha256:
            self._blobs.drop_staged([upload.id])
            why = {"sha256": f"the bytes that came have {digest.hexdigest()}"}
            raise Invalid("DIGEST_MISMATCH", "The bytes are not those announced; send them again.", why)
        self._blobs.keep(upload.id, upload.sha256)


def _accept(db: Database, upload: Upload, most: int) -> Audio:
    """Sound, job and events in one transaction."""
    if jobs.count_open(db, upload.user) >= most:
        raise Exhausted("TOO_MANY_JOBS", f"At most {most} sounds can wait.", retry_seconds=60)
    known = sounds.find(db, upload.user, upload.id)  # named after its upload: a retry finds it
    audio = known or sounds.add(db, upload.user, upload.id, upload.name, upload.size, upload.sha256)
    uploads.finish(db, upload.id, audio.id)
    jobs.add(db, audio, Lane.BATCH)
    found = sounds.find(db, upload.user, audio.id)
    assert found is not None
    return found


def clean_name(name: str) -> str:
    """A file name without any folder, or "" if nothing usable is left."""
    last = re.split(r"[/\\]", name)[-1].replace("\0", "").strip()
    return last if 0 < len(last) <= 255 and last not in (".", "..") else ""
