"""Uploads and downloads go on after breaks, and nothing arrives that is not what was sent."""

import hashlib
import os

import grpc
import pytest
from google.rpc import error_details_pb2 as details
from stumbling import refuse

from samplemind.v1 import (
    audio_pb2,
    audio_pb2_grpc,
)
from samplemind_client import SampleMindError

NOT_NOW = grpc.StatusCode.UNAVAILABLE


class Uploads(audio_pb2_grpc.AudioServiceServicer):
    """Keeps what arrives up to the next break, as a disk would; a break comes every few pieces."""

    def __init__(self, every=10**9, busy=0):
        self.every, self.busy = every, busy
        self.kept, self.received, self.pieces = b"", 0, 0
        self.size, self.sha256, self.name = 0, "", ""

    async def CreateUpload(self, request, context):
        self.size, self.sha256, self.name = request.size_bytes, request.sha256, request.name
        if hashlib.sha256(self.kept).hexdigest() == request.sha256:
            return audio_pb2.CreateUploadResponse(audio=self._audio())
        return audio_pb2.CreateUploadResponse(upload=self._upload())

    async def UploadChunks(self, requests, context):
        if self.busy:
            self.busy -= 1
            info = details.ErrorInfo(reason="STILL_SENDING")
            await refuse(context, grpc.StatusCode.FAILED_PRECONDITION, "another stream sends", info)
        async for request in requests:
            self.pieces += 1
            self.received += len(request.data)
            if self.pieces % self.every == 0:
                await context.abort(NOT_NOW, "going down")
            if request.offset != len(self.kept):
                info = details.ErrorInfo(reason="WRONG_OFFSET")
                await refuse(context, grpc.StatusCode.FAILED_PRECONDITION, "not here", info)
            self.kept += request.data
        return audio_pb2.UploadChunksResponse(upload=self._upload())

    async def GetUpload(self, request, context):
        return audio_pb2.GetUploadResponse(upload=self._upload())

    async def FinishUpload(self, request, context):
        assert hashlib.sha256(self.kept).hexdigest() == self.sha256
        return audio_pb2.FinishUploadResponse(audio=self._audio())

    async def Get(self, request, context):
        return audio_pb2.AudioServiceGetResponse(audio=self._audio())

    async def Download(self, request, context):
        for offset in range(request.offset, len(self.kept), 65_536):
            self.pieces += 1
            if self.pieces % self.every == 0:
                await context.abort(NOT_NOW, "going down")
            yield audio_pb2.DownloadResponse(offset=offset, data=self.kept[offset : offset + 65_536])

    def _upload(self):
        return audio_pb2.Upload(id="upload", size_bytes=self.size, committed_bytes=len(self.kept))

    def _audio(self):
        return audio_pb2.Audio(id="sound", name=self.name, size_bytes=self.size, sha256=self.sha256)


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "noise.wav"
    made.write_bytes(hashlib.shake_128(b"noise").digest(3_000_000))
    return made


async def test_an_upload_goes_on_from_what_is_committed_and_sends_little_twice(serve, ask, file):
    uploads, heard = Uploads(every=7), []
    sound = await ask(await serve(uploads)).upload(file, lambda done, total: heard.append((done, total)))
    assert uploads.kept == file.read_bytes() and sound.name == "noise.wav"
    assert uploads.received <= len(uploads.kept) + 65_536 * (uploads.pieces // 7)
    assert heard[-1] == (3_000_000, 3_000_000)


async def test_a_large_upload_is_sent_in_stretches_each_acknowledged(serve, ask, tmp_path):
    file = tmp_path / "long.wav"
    file.write_bytes(hashlib.shake_128(b"long").digest(20 * 2**20))
    uploads = Uploads()
    await ask(await serve(uploads)).upload(file)
    assert uploads.kept == file.read_bytes() and uploads.received == len(uploads.kept)


async def test_an_upload_waits_while_its_last_stream_is_not_over_at_the_daemon(serve, ask, file):
    uploads = Uploads(busy=3)
    await ask(await serve(uploads)).upload(file)
    assert uploads.kept == file.read_bytes()


async def test_bytes_that_are_there_already_are_not_sent(serve, ask, file):
    uploads = Uploads()
    client = ask(await serve(uploads))
    await client.upload(file)
    heard = []
    again = await client.upload(file, lambda done, total: heard.append((done, total)))
    assert again.id == "sound" and uploads.received == 3_000_000 and heard == [(3_000_000, 3_000_000)]


async def test_a_file_that_becomes_shorter_while_it_is_sent_is_said(serve, ask, tmp_path):
    file = tmp_path / "long.wav"
    file.write_bytes(hashlib.shake_128(b"long").digest(20 * 2**20))

    def cut(done, total):
        if done > 2**20:
            file.write_bytes(b"short")

    with pytest.raises(SampleMindError) as caught:
        await ask(await serve(Uploads())).upload(file, cut)
    assert caught.value.reason == "FILE_CHANGED" and "long.wav" in caught.value.message


async def test_what_is_no_file_is_not_waited_for(ask, tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    client = ask("127.0.0.1:1")
    for name in ("pipe.wav", "gone.wav", "."):
        with pytest.raises(OSError):
            await client.upload(tmp_path / name)


async def test_a_name_that_is_no_text_is_sent_as_well_as_it_can_be(serve, ask, tmp_path):
    path = os.path.join(os.fsencode(tmp_path), b"\xff kick.wav")
    with open(path, "wb") as file:
        file.write(b"RIFF")
    assert (await ask(await serve(Uploads())).upload(os.fsdecode(path))).name == "\ufffd kick.wav"


async def test_a_download_goes_on_where_it_broke_and_is_checked(serve, ask, file, tmp_path):
    uploads = Uploads(every=5)
    client = ask(await serve(uploads))
    await client.upload(file)
    await client.sounds.download("sound", tmp_path / "copy.wav")
    assert (tmp_path / "copy.wav").read_bytes() == file.read_bytes()


async def test_a_download_with_other_bytes_leaves_no_file(serve, ask, file, tmp_path):
    uploads = Uploads()
    client = ask(await serve(uploads))
    await client.upload(file)
    uploads.kept = uploads.kept[:-1] + b"?"
    with pytest.raises(SampleMindError) as caught:
        await client.sounds.download("sound", tmp_path / "copy.wav")
    assert caught.value.code == "DATA_LOSS" and not list(tmp_path.glob("copy*"))
