"""Streams and transfers go on where they broke, without losing or doubling anything."""

import asyncio

import grpc
import pytest
from google.rpc import error_details_pb2 as details
from stumbling import Turnstile, refuse, tokens

from samplemind.v1 import (
    analysis_pb2,
    analysis_pb2_grpc,
    audio_pb2,
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
            yield analysis_pb2.AnalyzeResponse(finding=descriptor)
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
