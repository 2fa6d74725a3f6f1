"""Calls that wait to be taken in: a flood of them keeps nobody from signing in."""

import asyncio
import time
from concurrent.futures import Future
from contextlib import ExitStack

import grpc

from samplemind.v1 import auth_pb2, auth_pb2_grpc
from samplemind_daemon.access import Access
from samplemind_daemon.address import Address
from samplemind_daemon.service.gate import Gate
from samplemind_daemon.service.replay import Replay
from samplemind_daemon.service.server import Server
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store

CONNECTIONS, CALLS_EACH = 24, 64  # more than may wait
SECONDS = 60.0


class AuthService(auth_pb2_grpc.AuthServiceServicer):
    """Says yes."""

    async def GetMe(self, request, context):
        return auth_pb2.GetMeResponse()

    async def Login(self, request, context):
        return auth_pb2.LoginResponse()


def flood(address: str, stubs: ExitStack) -> list[Future]:
    """More look-ups than may wait, by the time that the first is broken off."""
    own = [("grpc.use_local_subchannel_pool", 1)]
    channels = [stubs.enter_context(grpc.insecure_channel(address, options=own)) for _ in range(CONNECTIONS)]
    asks = [auth_pb2_grpc.AuthServiceStub(channel).GetMe for channel in channels]
    calls = [ask.future(auth_pb2.GetMeRequest(), timeout=SECONDS) for ask in asks for _ in range(CALLS_EACH)]
    until = time.monotonic() + SECONDS / 2
    while not any(call.done() for call in calls) and time.monotonic() < until:
        time.sleep(0.01)
    return calls


async def test_a_flood_of_look_ups_that_wait_to_be_taken_in_keeps_nobody_from_signing_in(tmp_path):
    store = Store(tmp_path / "home" / "samplemind.db")
    store.migrate()
    access = Access(store, Settings(home=tmp_path / "home"))
    await access.prepare()
    server = Server(Gate(access, Replay(store)), reflection=False, connection_seconds=600)
    server.add(auth_pb2_grpc.add_AuthServiceServicer_to_server, AuthService())
    address = str(server.listen(Address("127.0.0.1", 0)))
    await server.start()
    with ExitStack() as stubs:
        quiet = auth_pb2_grpc.AuthServiceStub(stubs.enter_context(grpc.insecure_channel(address)))
        calls = flood(address, stubs)  # none is taken in meanwhile: this holds up the loop
        assert [call for call in calls if call.done() and call.code() is grpc.StatusCode.CANCELLED]
        signed_in = quiet.Login.future(auth_pb2.LoginRequest(), timeout=SECONDS)
        assert await asyncio.to_thread(signed_in.result) == auth_pb2.LoginResponse()
        for call in calls:
            call.cancel()
    await server.stop(0)
    await access.close()
    store.close()
