"""One line to a daemon survives breaks, ends of tokens and limits, and says when it cannot."""

import asyncio
import socket
import time

import grpc
import pytest
from google.rpc import error_details_pb2 as details
from stumbling import Turnstile, refuse, retry_after, tokens

from samplemind.v1 import analysis_pb2, analysis_pb2_grpc, status_pb2, status_pb2_grpc
from samplemind_client import CannotReach, Client, SampleMindError
from samplemind_client.line.signin import sign_in
from samplemind_client.line.tries import DELAYS


class Status(status_pb2_grpc.StatusServiceServicer):
    """Answers after so many failures; a Turnstile says who may."""

    def __init__(self, failures=0, code=grpc.StatusCode.UNAVAILABLE, gate=None):
        self.failures, self.code, self.gate = failures, code, gate
        self.calls, self.moments, self.parts = 0, [], ()

    async def GetStatus(self, request, context):
        self.calls += 1
        self.moments.append(time.monotonic())
        if self.gate:
            await self.gate.check(context)
        if self.calls <= self.failures:
            await refuse(context, self.code, "not now", *self.parts)
        return status_pb2.GetStatusResponse(version="1")


async def test_a_broken_call_is_made_again_until_it_is_answered(serve, ask):
    status = Status(failures=5)
    assert (await ask(await serve(status)).status()).version == "1"
    assert status.calls == 6


async def test_after_five_new_tries_the_client_says_that_it_cannot_reach_the_daemon(serve, ask):
    status = Status(failures=99)
    address = await serve(status)
    with pytest.raises(CannotReach, match="6 times") as caught:
        await ask(address).status()
    assert status.calls == 6 and address in caught.value.message and "not now" in caught.value.message


def test_the_delays_between_tries_grow():
    assert len(DELAYS) == 5 and list(DELAYS) == sorted(set(DELAYS))


async def test_nobody_at_the_address_is_found_out_soon_and_said(ask):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(CannotReach, match="6 times"):
            await ask(address).status()
    assert time.monotonic() - began < 30


async def test_a_daemon_that_comes_back_is_reached_by_a_call_that_was_waiting(serve, ask):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    waiting = asyncio.create_task(ask(f"127.0.0.1:{port}", delays=(0.2, 0.4, 0.6)).status())
    await asyncio.sleep(0.3)
    await serve(Status(), port=port)
    assert (await waiting).version == "1"


async def test_who_takes_the_call_and_says_nothing_is_given_up_at_the_deadline(ask):
    silent = await asyncio.start_server(lambda reader, writer: asyncio.sleep(60), "127.0.0.1", 0)
    async with silent:
        client = ask(f"127.0.0.1:{silent.sockets[0].getsockname()[1]}")
        request = status_pb2.GetStatusRequest()
        with pytest.raises(SampleMindError) as caught:
            await client._line.call(
                "StatusService/GetStatus", request, status_pb2.GetStatusResponse, deadline=0.3
            )
    assert caught.value.code == "DEADLINE_EXCEEDED"


async def test_a_refused_token_is_renewed_once_and_the_call_made_again(serve, ask):
    gate = Turnstile(good=2)
    status = Status(gate=gate)
    assert (await ask(await serve(gate, status), tokens(1)).status()).version == "1"
    assert (gate.refreshes, status.calls) == (1, 2)


async def test_many_calls_at_once_renew_a_token_once(serve, ask):
    gate = Turnstile(good=2)
    client = ask(await serve(gate, Status(gate=gate)), tokens(1))
    assert len(await asyncio.gather(*(client.status() for _ in range(20)))) == 20
    assert gate.refreshes == 1


async def test_a_caller_who_goes_away_does_not_stop_the_renewal_that_others_wait_for(serve, ask):
    gate = Turnstile(good=2)
    client = ask(await serve(gate, Status(gate=gate)), tokens(1, life=100, age=90))
    first, second = asyncio.create_task(client.status()), asyncio.create_task(client.status())
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).version == "1"
    assert gate.refreshes == 1


async def test_commands_that_share_a_sign_in_renew_it_one_after_another(serve, ask):
    gate = Turnstile(good=2)
    address = await serve(gate, Status(gate=gate))
    kept = sign_in(address)
    kept.keep_tokens(tokens(1, life=100, age=90))
    clients = [ask(address, kept.tokens(), kept=sign_in(address)) for _ in range(5)]
    await asyncio.gather(*(client.status() for client in clients))
    assert gate.refreshes == 1 and kept.tokens().access == "access-2"


async def test_a_token_is_renewed_before_it_ends(serve, ask):
    gate = Turnstile(good=2)
    status = Status(gate=gate)
    await ask(await serve(gate, status), tokens(1, life=100, age=90)).status()
    assert (gate.refreshes, status.calls) == (1, 1)


async def test_a_token_that_is_refused_again_after_its_renewal_is_not_renewed_without_end(serve, ask):
    gate = Turnstile(good=99)
    with pytest.raises(SampleMindError) as caught:
        await ask(await serve(gate, Status(gate=gate)), tokens(1)).status()
    assert caught.value.code == "UNAUTHENTICATED" and gate.refreshes == 1


async def test_a_refused_key_is_said_at_once(serve, ask):
    status = Status(gate=Turnstile(good=99))
    with pytest.raises(SampleMindError) as caught:
        await ask(await serve(status)).status()
    assert caught.value.code == "UNAUTHENTICATED" and status.calls == 1


async def test_a_limited_call_waits_as_long_as_it_is_told(serve, ask):
    status = Status(failures=2, code=grpc.StatusCode.RESOURCE_EXHAUSTED)
    status.parts = (retry_after(0.3),)
    await ask(await serve(status)).status()
    first, second, third = status.moments
    assert second - first >= 0.3 and third - second >= 0.3


async def test_a_long_limit_is_for_the_caller_to_decide(serve, ask):
    status = Status(failures=9, code=grpc.StatusCode.RESOURCE_EXHAUSTED)
    status.parts = (retry_after(60), details.ErrorInfo(reason="RATE_LIMITED", domain="samplemind"))
    with pytest.raises(SampleMindError) as caught:
        await ask(await serve(status)).status()
    assert (caught.value.reason, caught.value.retry_seconds, status.calls) == ("RATE_LIMITED", 60, 1)


async def test_a_refusal_says_what_and_why_and_is_not_tried_again(serve, ask):
    wrong = details.BadRequest.FieldViolation(field="filter", description="no such field")
    status = Status(failures=9, code=grpc.StatusCode.INVALID_ARGUMENT)
    status.parts = (
        details.ErrorInfo(reason="INVALID_FILTER", domain="samplemind", metadata={"at": "3"}),
        details.BadRequest(field_violations=[wrong]),
    )
    with pytest.raises(SampleMindError) as caught:
        await ask(await serve(status)).status()
    error = caught.value
    assert (error.code, error.reason, error.message) == ("INVALID_ARGUMENT", "INVALID_FILTER", "not now")
    assert error.fields == {"filter": "no such field"} and error.facts == {"at": "3"} and status.calls == 1


async def test_a_mutating_call_keeps_its_request_id_when_it_is_made_again(serve, ask):
    class Analysis(analysis_pb2_grpc.AnalysisServiceServicer):
        ids: list[str] = []

        async def Reanalyze(self, request, context):
            self.ids.append(request.request_id)
            if len(self.ids) % 3:
                await context.abort(grpc.StatusCode.UNAVAILABLE, "not now")
            return analysis_pb2.ReanalyzeResponse(job=analysis_pb2.Job(id="job"))

    client = ask(await serve(Analysis()))
    await client.reanalyze("sound")
    await client.reanalyze("sound")
    first, second = Analysis.ids[:3], Analysis.ids[3:]
    assert len(set(first)) == len(set(second)) == 1 and first[0] and first[0] != second[0]


async def test_this_machine_is_not_asked_through_a_proxy(serve, ask, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    assert (await ask(await serve(Status())).status()).version == "1"


async def test_a_closed_client_says_so_and_leaves_nothing_behind(serve):
    client = Client(await serve(Status()), key="sm_secret")
    assert (await asyncio.to_thread(client.status)).version == "1"
    client.close()
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.status()
