"""What is more than can be served soon is refused at once, with the time to come back, and then all is as before."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import grpc
import pytest
from raw_calls import read

from samplemind_daemon.access import Access
from samplemind_daemon.service import crowd
from samplemind_daemon.service.gate import Gate
from samplemind_daemon.service.replay import Replay
from samplemind_daemon.service.turns import AT_A_TIME
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store

LOOK, DEED = "/samplemind.v1.AudioService/Get", "/samplemind.v1.AudioService/FinishUpload"


class Service:
    """Answers calls once it may, and knows how many it is at."""

    def __init__(self) -> None:
        self.may, self.at, self.most = asyncio.Event(), 0, 0

    async def answer(self, request, context):
        self.at += 1
        self.most = max(self.most, self.at)
        await self.may.wait()
        self.at -= 1
        return b"here you are"


@pytest.fixture
async def service(tmp_path) -> AsyncIterator:
    """A service behind the gate, and `ask(path, many)` for what becomes of many calls of its owner."""
    home = tmp_path / "home"
    store = Store(home / "samplemind.db")
    store.migrate()
    access = Access(store, Settings(home=home))
    await access.prepare()
    service, server = Service(), grpc.aio.server(interceptors=[Gate(access, Replay(store))])
    handler = grpc.unary_unary_rpc_method_handler(service.answer, bytes, bytes)
    handlers = {path.rpartition("/")[2]: handler for path in (LOOK, DEED)}
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("samplemind.v1.AudioService", handlers),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    headers = (("x-api-key", (home / "owner.key").read_text().strip()),)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:

        async def call(path):
            try:
                return await channel.unary_unary(path)(b"", metadata=headers, timeout=60)
            except grpc.aio.AioRpcError as error:
                return read(error)

        service.ask = lambda path, many: [asyncio.create_task(call(path)) for _ in range(many)]
        yield service
    await server.stop(0)
    await access.close()
    store.close()


async def refusals(asked, many):
    """The first so many outcomes, which come while the others still wait."""
    async with asyncio.timeout(60):
        while sum(one.done() for one in asked) < many:
            await asyncio.sleep(0.01)
    return [one.result() for one in asked if one.done()]


@pytest.mark.parametrize("path", [LOOK, DEED])
async def test_of_one_caller_so_many_calls_run_and_the_rest_is_refused_while_they_do(service, path):
    asked = service.ask(path, crowd.MOST_CALLS + 50)
    for refusal in await refusals(asked, 50):
        assert (refusal.code, refusal.reason) == ("RESOURCE_EXHAUSTED", "TOO_MANY_CALLS")
        assert refusal.retry_seconds > 0
    service.may.set()
    assert Counter(map(str, await asyncio.gather(*asked)))[str(b"here you are")] == crowd.MOST_CALLS


@pytest.fixture
def few_places(monkeypatch):
    """Places for 20 calls of all users, told before the service is made."""
    monkeypatch.setattr(crowd, "MOST_CALLS_OF_ALL", 20)


@pytest.mark.usefixtures("few_places")
async def test_where_all_places_are_taken_nobody_is_looked_at_and_all_is_well_afterwards(service):
    asked = service.ask(DEED, 50)
    for refusal in await refusals(asked, 30):
        assert (refusal.code, refusal.reason) == ("RESOURCE_EXHAUSTED", "TOO_MANY_CALLS")
        assert "of all users" in refusal.message and refusal.retry_seconds > 0
    service.may.set()
    await asyncio.gather(*asked)
    async with asyncio.timeout(60):
        while await asyncio.gather(*service.ask(DEED, 20)) != [b"here you are"] * 20:
            await asyncio.sleep(0.1)


async def test_quick_calls_are_served_a_few_at_a_time_and_others_do_not_wait_for_them(service):
    looks, deeds = service.ask(LOOK, 60), service.ask(DEED, 40)
    async with asyncio.timeout(60):
        while service.at < AT_A_TIME + 40:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)  # and no more come
    assert service.most == AT_A_TIME + 40
    service.may.set()
    assert await asyncio.gather(*looks, *deeds) == [b"here you are"] * 100
