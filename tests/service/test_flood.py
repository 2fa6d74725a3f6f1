"""A flood of sign-ins costs bounded memory, is refused at once, and keeps nobody who is in from working."""

import asyncio
import time
from collections import Counter
from contextlib import AsyncExitStack
from statistics import median, quantiles

import grpc
import psutil

from samplemind.v1 import auth_pb2, auth_pb2_grpc

FLOOD, ROUNDS = 500, 4
CONNECTIONS = 8  # a client holds back what is more than 64 calls on one


async def sign_in(stub, number):
    """One attempt: what came of it, and after how many seconds."""
    wrong = auth_pb2.PasswordCredential(email=f"nobody{number}@example.org", password="not the password")
    began = time.monotonic()
    try:
        await stub.Login(auth_pb2.LoginRequest(password=wrong), timeout=30)
        return "OK", time.monotonic() - began
    except grpc.aio.AioRpcError as refused:
        return refused.code().name, time.monotonic() - began


async def look(stub, headers, until):
    """Ask who one is, again and again: how long each answer took."""
    waits = []
    while not until.is_set():
        began = time.monotonic()
        await stub.GetMe(auth_pb2.GetMeRequest(), metadata=headers, timeout=30)
        waits.append(time.monotonic() - began)
        await asyncio.sleep(0.02)
    return waits


async def test_five_hundred_sign_ins_at_once_are_few_hashes_many_refusals_and_no_wait_for_others(daemon, ada):
    process, done = psutil.Process(daemon.process.pid), asyncio.Event()
    async with AsyncExitStack() as open_now:
        own = [("grpc.use_local_subchannel_pool", 1)]
        channels = [
            await open_now.enter_async_context(grpc.aio.insecure_channel(daemon.address, options=own))
            for _ in range(1 + CONNECTIONS)
        ]
        quiet, *flood = [auth_pb2_grpc.AuthServiceStub(channel) for channel in channels]
        looking = asyncio.create_task(look(quiet, tuple(ada.headers), done))
        most, came = (before := process.memory_info().rss), []
        for start in range(ROUNDS):
            wave = (sign_in(flood[n % CONNECTIONS], start * FLOOD + n) for n in range(FLOOD))
            came += await asyncio.gather(*wave)
            most = max(most, process.memory_info().rss)
        done.set()
        waits = await looking
    refused = [seconds for code, seconds in came if code == "RESOURCE_EXHAUSTED"]
    heard = [seconds for code, seconds in came if code == "UNAUTHENTICATED"]
    print(
        f"\n{len(heard)} verified, {len(refused)} refused after {median(refused):.3f} s, 99 % of them after "
        f"{quantiles(refused, n=100)[98]:.3f} s; memory +"
        f"{(most - before) / 2**20:.0f} MiB; 99 % of the others' calls took {quantiles(waits, n=100)[98]:.3f} s at most"
    )
    assert len(heard) + len(refused) == FLOOD * ROUNDS, Counter(code for code, _ in came)
    assert len(refused) > FLOOD and len(heard) >= ROUNDS * 2
    assert most - before < 80 * 2**20
    assert quantiles(waits, n=100)[94] < 1  # generous: the machine is others' too
