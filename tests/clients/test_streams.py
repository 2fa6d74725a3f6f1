"""Streams and transfers go on where they broke, without losing or doubling anything."""

import asyncio
import hashlib
import os

import grpc
import pytest
from google.rpc import error_details_pb2 as details
from stumbling import Turnstile, refuse, tokens

from samplemind.v1 import (
    analysis_pb2,
    analysis_pb2_grpc,
    audio_pb2,
    audio_pb2_grpc,
    event_pb2,
    event_pb2_grpc,
)
from samplemind_client import CannotReach, Client, SampleMindError
from samplemind_client.values import Decoding, Descriptor, Queued, Result

NOT_NOW = grpc.StatusCode.UNAVAILABLE


class Events(event_pb2_grpc.EventServiceServicer):
    """Twenty events; each stream ends after a few, in the way that `end` has it."""

    def __init__(self, end, few=3, gate=None):
        self.end, self.few, self.gate, self.cursors, self.open = end, few, gate, [], 0

    async def Subscribe(self, request, context):
        self.cursors.append(request.cursor)
        if self.gate:
            await self.gate.check(context)
        at = int(request.cursor or "0")
        yield event_pb2.SubscribeResponse(cursor=str(at))
        for number in range(at + 1, min(at + self.few, 20) + 1):
            yield event_pb2.SubscribeResponse(
                cursor=str(number), event=event_pb2.Event(cursor=str(number), kind="audio.added")
            )
        if number < 20:
            await self.end(context)
            return
        self.open += 1
        try:
            await asyncio.sleep(60)
        finally:
            self.open -= 1


async def twenty(client, cursor=""):
    found = []
    async for event in client.events(cursor):
        found.append(event.cursor)
        if len(found) == 20:
            return found


async def break_off(context):
    await context.abort(NOT_NOW, "going down")


async def just_end(context):
    pass


@pytest.mark.parametrize("end", [break_off, just_end])
async def test_events_go_on_after_each_break_without_a_gap_or_a_double(serve, ask, end):
    events = Events(end)
    assert await twenty(ask(await serve(events))) == [str(number) for number in range(1, 21)]
    assert events.cursors == ["", *(str(number) for number in range(3, 20, 3))]


async def test_events_go_on_with_a_new_token_when_theirs_ends(serve, ask):
    gate = Turnstile(good=1)

    async def end_the_token(context):
        gate.good += 1
        await context.abort(grpc.StatusCode.UNAUTHENTICATED, "this token has ended")

    events = Events(end_the_token, gate=gate)
    assert await twenty(ask(await serve(gate, events), tokens(1))) == [str(number) for number in range(1, 21)]
    assert gate.refreshes == 6


async def test_a_cursor_that_is_too_old_is_said_and_not_passed_over(serve, ask):
    async def too_old(context):
        info = details.ErrorInfo(reason="CURSOR_COMPACTED", metadata={"earliest_cursor": "17"})
        await refuse(context, grpc.StatusCode.OUT_OF_RANGE, "the earliest cursor is 17", info)

    client = ask(await serve(Events(too_old)))
    with pytest.raises(SampleMindError) as caught:
        await twenty(client)
    assert caught.value.reason == "CURSOR_COMPACTED" and caught.value.facts == {"earliest_cursor": "17"}


async def test_events_of_a_daemon_that_is_gone_end_with_a_word(serve, ask):
    class Gone(event_pb2_grpc.EventServiceServicer):
        calls = 0

        async def Subscribe(self, request, context):
            self.calls += 1
            await context.abort(NOT_NOW, "going down")
            yield

    gone = Gone()
    with pytest.raises(CannotReach, match="6 times"):
        await twenty(ask(await serve(gone)))
    assert gone.calls == 6


async def test_leaving_a_stream_early_ends_it_at_the_daemon_too(serve):
    events = Events(break_off, few=20)
    address = await serve(events)

    def read():
        with Client(address, key="sm_secret") as client:
            stream = client.events()
            assert [next(stream).cursor for _ in range(20)][-1] == "20"
            del stream
            return client.server

    assert await asyncio.to_thread(read) == address
    async with asyncio.timeout(5):
        while events.open:
            await asyncio.sleep(0.01)


class Analysis(analysis_pb2_grpc.AnalysisServiceServicer):
    """Breaks off after each finding; the next stream says again what was found before."""

    def __init__(self):
        self.ids, self.found = set(), 0

    async def Analyze(self, request, context):
        self.ids.add(request.request_id)
        yield analysis_pb2.AnalyzeResponse(queued=analysis_pb2.Queued(ahead=2))
        yield analysis_pb2.AnalyzeResponse(decoding=analysis_pb2.Decoding(fraction=self.found / 10))
        self.found += 1
        for number in range(self.found):
            descriptor = analysis_pb2.Descriptor(name=f"test.{number}", fingerprint="f")
            yield analysis_pb2.AnalyzeResponse(descriptor=descriptor)
        if self.found < 10:
            await context.abort(NOT_NOW, "going down")
        sound = audio_pb2.Audio(id=request.audio_id, state=audio_pb2.AUDIO_STATE_COMPLETED)
        yield analysis_pb2.AnalyzeResponse(result=analysis_pb2.Analysis(audio=sound))

    async def AnalyzeBatch(self, request, context):
        self.found += 3
        ids = list(request.audio_ids)
        for number, audio_id in enumerate(ids[: self.found], start=1):
            job = analysis_pb2.Job(id=audio_id, state=analysis_pb2.JOB_STATE_COMPLETED)
            yield analysis_pb2.AnalyzeBatchResponse(audio_id=audio_id, job=job, done=number, total=len(ids))
        if self.found < len(ids):
            await context.abort(NOT_NOW, "going down")


async def test_an_analysis_says_each_finding_once_and_its_result_however_often_it_breaks(serve, ask):
    analysis = Analysis()
    updates = [update async for update in ask(await serve(analysis)).analyze("sound")]
    names = [update.name for update in updates if isinstance(update, Descriptor)]
    assert names == [f"test.{number}" for number in range(10)] and len(analysis.ids) == 1
    assert isinstance(updates[0], Queued) and updates[0].ahead == 2
    assert any(isinstance(update, Decoding) and update.fraction for update in updates)
    assert isinstance(updates[-1], Result) and updates[-1].analysis.sound.state == "completed"


async def test_a_batch_has_one_outcome_a_sound_however_often_it_breaks(serve, ask):
    ids = [f"sound {number}" for number in range(10)]
    outcomes = [outcome async for outcome in ask(await serve(Analysis())).analyze_batch([*ids, ids[0]])]
    assert [outcome.audio_id for outcome in outcomes] == ids
    assert [(outcome.done, outcome.total) for outcome in outcomes] == [
        (number, 10) for number in range(1, 11)
    ]


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
