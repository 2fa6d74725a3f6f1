"""Bringing a file to the daemon, in pieces that need be sent once only."""

import asyncio
import errno
import hashlib
import os
import stat
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from threading import Lock
from typing import Self

from samplemind.v1 import audio_pb2 as pb
from samplemind_client.errors import SampleMindError
from samplemind_client.line.line import Line
from samplemind_client.pages import request_id
from samplemind_client.values.sound import Sound, read_sound

Progress = Callable[[int, int], None]  # called with bytes done and bytes in all

PIECE = 64 * 1024  # bytes in a message
STRETCH = 16 * 2**20  # bytes in one stream: after each the daemon says how far it is
STRETCH_DEADLINE = 300.0  # seconds
FINISH_DEADLINE = 120.0  # seconds: the daemon hashes and syncs the whole file
UNCLEAR = frozenset(  # why a stream ended: ask where the upload stands, and go on from there
    {
        "WRONG_OFFSET",  # our last stream was not over yet, there
        "STILL_SENDING",
        "DEADLINE_EXCEEDED",  # a slow line
        "INTERNAL",  # what gRPC says if the stream was ended, for whatever reason, while we wrote to it
    }
)


class Source:
    """The bytes of an open file; a stream that is ending may still read while the next one does."""

    def __init__(self, path: Path) -> None:
        """OSError where it is no regular file, or cannot be read."""
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for without end
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        self._file, self._lock = path.open("rb"), Lock()
        # Bytes of a name that are no UTF-8 become U+FFFD on the wire.
        self.name = os.fsencode(path.name).decode("utf-8", "replace")
        self.size, self.sha256 = 0, ""

    def measure(self) -> None:
        """Learn size and digest."""
        self.sha256 = hashlib.file_digest(self._file, "sha256").hexdigest()
        self.size = self._file.tell()

    def read(self, offset: int, length: int) -> bytes:
        """So many bytes from there on, or what there is."""
        with self._lock:
            self._file.seek(offset)
            return self._file.read(length)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *why: object) -> None:
        self._file.close()


async def upload(
    line: Line, path: str | os.PathLike[str], progress: Progress | None = None, name: str | None = None
) -> Sound:
    """The sound that the file's bytes are now, or were already. OSError where it cannot be read."""
    lent = await lend(line, path, progress, name)
    if isinstance(lent, Sound):
        return lent
    finish = pb.FinishUploadRequest(request_id=request_id(), upload_id=lent)
    done = await line.call(
        "AudioService/FinishUpload", finish, pb.FinishUploadResponse, deadline=FINISH_DEADLINE
    )
    return read_sound(done.audio)


async def lend(
    line: Line, path: str | os.PathLike[str], progress: Progress | None = None, name: str | None = None
) -> Sound | str:
    """The id of an upload that has all of the file's bytes and is not finished, or the sound that they were already.

    OSError where the file cannot be read.
    """
    report = progress or (lambda done, total: None)
    with await asyncio.to_thread(Source, Path(path)) as source:
        await asyncio.to_thread(source.measure)
        create = pb.CreateUploadRequest(
            request_id=request_id(), name=name or source.name, size_bytes=source.size, sha256=source.sha256
        )
        answer = await line.call("AudioService/CreateUpload", create, pb.CreateUploadResponse)
        if answer.HasField("audio"):
            report(source.size, source.size)
            return read_sound(answer.audio)
        await _send(line, source, answer.upload, report)
        upload: str = answer.upload.id
        return upload


async def _send(line: Line, source: Source, upload: pb.Upload, report: Progress) -> None:
    """Send from what is committed to the end; after a break, from what is committed then."""
    tries, committed = line.tries(), upload.committed_bytes
    report(committed, upload.size_bytes)
    while committed < upload.size_bytes:
        stretch = _stretch(source, upload, committed, report)
        try:
            answer = await line.send(
                "AudioService/UploadChunks",
                stretch,
                pb.UploadChunksResponse,
                tries,
                deadline=STRETCH_DEADLINE,
            )
            reached = answer.upload.committed_bytes
        except SampleMindError as refusal:
            if refusal.reason not in UNCLEAR:
                await line.recover(refusal, tries)
            elif not await tries.wait():
                raise
            ask = pb.GetUploadRequest(upload_id=upload.id)
            now = await line.call("AudioService/GetUpload", ask, pb.GetUploadResponse)
            reached = now.upload.committed_bytes
        if reached > committed:
            tries.renew()
        committed = reached


async def _stretch(
    source: Source, upload: pb.Upload, start: int, report: Progress
) -> AsyncGenerator[pb.UploadChunksRequest, None]:
    offset, end = start, min(start + STRETCH, upload.size_bytes)
    while offset < end:
        data = await asyncio.to_thread(source.read, offset, min(PIECE, end - offset))
        if not data:
            raise SampleMindError(
                "FAILED_PRECONDITION", "FILE_CHANGED", f"{source.name!r} became shorter while it was sent."
            )
        yield pb.UploadChunksRequest(upload_id=upload.id, offset=offset, data=data)
        offset += len(data)
        report(offset, upload.size_bytes)
