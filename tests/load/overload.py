"""D2: three times the calls that can be served, from people who do not wait for each other, and what comes of them."""

import asyncio
import random
import time
from pathlib import Path

import psutil
from crowd_of_calls import Crowd, at_rate
from daemon_process import DaemonProcess
from mix import Client, clients
from timing import slower, spent

TIMES, CLIENTS = 3, 32
CONNECTIONS = 48  # with 64 calls each under way; a client library holds back what is more
MOST_MIB = 150


def run(folder: Path, short: bool) -> str:
    daemon = DaemonProcess(folder / "home", workers=1).start()
    try:
        return asyncio.run(_measure(daemon, clients(daemon.address), 10 if short else 60))
    finally:
        daemon.stop()


async def _measure(daemon: DaemonProcess, known: list[Client], seconds: float) -> str:
    process = psutil.Process(daemon.process.pid)
    served = await _closed(daemon, known, 5)
    before, busy = process.memory_info().rss, spent(process)
    looks, others = Crowd(daemon.address, CONNECTIONS), Crowd(daemon.address, CONNECTIONS)
    chance, began = random.Random(0), time.monotonic()
    watching = asyncio.create_task(_watch(process))
    await at_rate(
        TIMES * served, seconds, lambda number: known[number % len(known)].act(looks, others, chance)
    )
    took, busy = time.monotonic() - began, spent(process) - busy
    watching.cancel()
    most = max(*_SEEN, before)
    for crowd in (looks, others):
        await crowd.close()
    after = await _alone(daemon, known[0])
    good = sum(len(crowd.seconds.get("OK", ())) for crowd in (looks, others))
    told = (
        f"{CLIENTS} clients were served {served:.0f} calls/s; at {TIMES * served:.0f} calls/s for {seconds:.0f} s "
        f"{good / took:.0f} a second were served; look-ups: {looks.tell()}; others: {others.tell()}; memory "
        f"+{(most - before) / 2**20:.0f} MiB, {busy / took:.2f} cores; 5 s later GetMe p99 {after:.0f} ms"
    )
    refused = {one for crowd in (looks, others) for one in crowd.seconds} - {"OK"}
    assert all(one.startswith("RESOURCE_EXHAUSTED") for one in refused), told
    assert not looks.without_time and not others.without_time, told
    assert most - before < MOST_MIB * 2**20, told
    assert slower(looks.seconds["OK"], 0.99) < 1_000, told
    return told


async def _closed(daemon: DaemonProcess, known: list[Client], seconds: float) -> float:
    """How many calls a second are served to clients that each wait for an answer before they go on."""
    crowd, until = Crowd(daemon.address, CLIENTS), time.monotonic() + seconds

    async def act_on(client: Client) -> None:
        while time.monotonic() < until:
            await client.act(crowd, crowd, random.Random())

    await asyncio.gather(*(act_on(known[number % len(known)]) for number in range(CLIENTS)))
    await crowd.close()
    return len(crowd.seconds["OK"]) / seconds


_SEEN: list[int] = []


async def _watch(process: psutil.Process) -> None:
    while True:
        _SEEN.append(process.memory_info().rss)
        await asyncio.sleep(0.2)


async def _alone(daemon: DaemonProcess, client: Client) -> float:
    """What the slowest of a hundred calls takes five seconds later, in milliseconds."""
    await asyncio.sleep(5)
    crowd = Crowd(daemon.address, 1)
    for _ in range(100):
        await crowd.call("AuthService/GetMe", client.headers)
    await crowd.close()
    assert set(crowd.seconds) == {"OK"}, crowd.tell()
    return slower(crowd.seconds["OK"], 0.99)
