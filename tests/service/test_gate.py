"""The gate lets nothing pass that nobody has allowed, and gives nothing of our insides away."""

from collections.abc import AsyncIterator

import grpc
import pytest
from raw_calls import read

from samplemind_daemon.access import Access
from samplemind_daemon.refusals import Exhausted, Refusal
from samplemind_daemon.service.gate import Gate
from samplemind_daemon.service.replay import Replay
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store

FORGOTTEN = "/samplemind.v1.AudioService/Forgotten"  # no rule says who may call it
GET = "/samplemind.v1.AudioService/Get"
DOWNLOAD = "/samplemind.v1.AudioService/Download"
INFO = "/samplemind.v1.StatusService/GetInfo"


@pytest.fixture
async def ask(tmp_path) -> AsyncIterator:
    """Calls a method of a server in which this handler stands behind the gate, as the owner."""
    home = tmp_path / "home"
    store = Store(home / "samplemind.db")
    store.migrate()
    access = Access(store, Settings(home=home))
    await access.prepare()
    owner = [("x-api-key", (home / "owner.key").read_text().strip())]
    servers = []

    async def ask(path: str, handle, headers=owner, streamed: bool = False):
        server = grpc.aio.server(interceptors=[Gate(access, Replay(store))])
        servers.append(server)
        service, method = path.strip("/").split("/")
        kind = grpc.unary_stream_rpc_method_handler if streamed else grpc.unary_unary_rpc_method_handler
        handlers = {method: kind(handle, bytes, bytes)}
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            try:
                if streamed:
                    return [answer async for answer in channel.unary_stream(path)(b"", metadata=headers)]
                return await channel.unary_unary(path)(b"", metadata=headers)
            except grpc.aio.AioRpcError as error:
                return read(error)

    yield ask
    for server in servers:
        await server.stop(0)
    await access.close()
    store.close()


async def answers(request, context):
    return b"secret"


async def test_an_rpc_that_no_rule_names_is_open_to_nobody(ask):
    outcome = await ask(FORGOTTEN, answers)
    assert (outcome.code, outcome.reason) == ("PERMISSION_DENIED", "NOT_ALLOWED")
    assert (await ask(FORGOTTEN, answers, ())).code == "UNAUTHENTICATED"


async def test_a_bug_is_owned_up_to_without_a_word_about_our_insides(ask):
    async def fails(request, context):
        raise KeyError("/home/secret")

    async def fails_late(request, context):
        yield b"one"
        raise KeyError("/home/secret")

    for outcome in (
        await ask(GET, fails),
        await ask(DOWNLOAD, fails_late, streamed=True),
        await ask(INFO, fails),
    ):
        assert (outcome.code, outcome.reason, outcome.domain) == ("INTERNAL", "INTERNAL", "samplemind")
        assert "secret" not in outcome.message and "KeyError" not in outcome.message


@pytest.mark.parametrize("kind", Refusal.__subclasses__())
async def test_every_kind_of_refusal_has_a_status_and_brings_all_it_says(ask, kind):
    async def refuses(request, context):
        raise kind("SOME_REASON", "A sentence.", {"field": "is wrong"}, 1.5, {"fact": "true"})

    outcome = await ask(GET, refuses)
    assert outcome.code not in ("OK", "UNKNOWN", "INTERNAL")
    assert (outcome.reason, outcome.message, outcome.fields) == ("SOME_REASON", "A sentence.", ("field",))
    assert (outcome.retry_seconds, outcome.facts) == (1.5, (("fact", "true"),))


async def test_a_stream_says_what_it_has_before_it_is_refused(ask):
    seen = []

    async def refuses_late(request, context):
        try:
            yield b"one"
            raise Exhausted("SOME_REASON", "A sentence.")
        finally:
            seen.append("closed")

    assert (await ask(DOWNLOAD, refuses_late, streamed=True)).reason == "SOME_REASON" and seen == ["closed"]
