"""Bringing a file to the daemon, in pieces that need be sent once only."""

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator, Callable
from io import BufferedReader
from pathlib import Path

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
ELSEWHERE = frozenset({"WRONG_OFFSET", "STILL_SENDING"})  # our last stream is not over there yet


async def upload(
    line: Line, path: str | os.PathLike[str], progress: Progress | None = None, name: str | None = None
) -> Sound:
    """The sound that the file's bytes are now, or were already. OSError where it cannot be read."""
    file_path = Path(path)
    with await asyncio.to_thread(_open, file_path) as file:
        size, sha256 = await asyncio.to_thread(_measure, file)
        report = progress or (lambda done, total: None)
        create = pb.CreateUploadRequest(
            request_id=request_id(), name=name or _name(file_path), size_bytes=size, sha256=sha256
        )
        answer = await line.call("AudioService/CreateUpload", create, pb.CreateUploadResponse)
        if answer.HasField("audio"):
            report(size, size)
            return read_sound(answer.audio)
        await _send(line, file, answer.upload, report)
        finish = pb.FinishUploadRequest(request_id=request_id(), upload_id=answer.upload.id)
        done = await line.call(
            "AudioService/FinishUpload", finish, pb.FinishUploadResponse, deadline=FINISH_DEADLINE
        )
        return read_sound(done.audio)


async def _send(line: Line, file: BufferedReader, upload: pb.Upload, report: Progress) -> None:
    """Send from what is committed to the end; after a break, from what is committed then."""
    tries, committed = line.tries(), upload.committed_bytes
    report(committed, upload.size_bytes)
    while committed < upload.size_bytes:
        stretch = _stretch(file, upload, committed, report)
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
            if refusal.reason not in ELSEWHERE:
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
    file: BufferedReader, upload: pb.Upload, start: int, report: Progress
) -> AsyncGenerator[pb.UploadChunksRequest, None]:
    offset, end = start, min(start + STRETCH, upload.size_bytes)
    while offset < end:
        data = await asyncio.to_thread(_read, file, offset, min(PIECE, end - offset))
        if not data:
            raise SampleMindError(
                "FAILED_PRECONDITION", "FILE_CHANGED", f"{upload.name!r} became shorter while it was sent."
            )
        yield pb.UploadChunksRequest(upload_id=upload.id, offset=offset, data=data)
        offset += len(data)
        report(offset, upload.size_bytes)


def _open(path: Path) -> BufferedReader:
    return path.open("rb")


def _read(file: BufferedReader, offset: int, length: int) -> bytes:
    file.seek(offset)
    return file.read(length)


def _measure(file: BufferedReader) -> tuple[int, str]:
    digest = hashlib.file_digest(file, "sha256")
    return file.tell(), digest.hexdigest()


def _name(path: Path) -> str:
    """The file's name for the wire: bytes that are no UTF-8 become U+FFFD."""
    return os.fsencode(path.name).decode("utf-8", "replace")
