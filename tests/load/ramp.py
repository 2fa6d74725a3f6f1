"""D1: more and more clients that look things up, ask for analyses and send sounds.

They run on the same cores as the daemon and take most of them: see `outside` for what a lighter generator gets.
"""

import asyncio
import random
import time
from pathlib import Path

import psutil
from crowd_of_calls import Crowd
from daemon_process import DaemonProcess
from mix import Client, clients
from timing import slower, spent

STEPS = (1, 8, 32, 64, 200)
CONNECTIONS = 32  # at most: an address may have 64


def run(folder: Path, short: bool) -> str:
    daemon = DaemonProcess(folder / "home", workers=1).start()
    try:
        known, told = clients(daemon.address), []
        for many in STEPS:
            told.append(asyncio.run(_step(daemon, known, many, 5 if short else 20)))
    finally:
        daemon.stop()
    return "; ".join(told)


async def _step(daemon: DaemonProcess, known: list[Client], many: int, seconds: float) -> str:
    connections = min(many, CONNECTIONS)
    looks, others = Crowd(daemon.address, connections), Crowd(daemon.address, connections)
    process = psutil.Process(daemon.process.pid)
    before, began = spent(process), time.monotonic()
    until = began + seconds
    await asyncio.gather(
        *(_act_on(known[number % len(known)], looks, others, until) for number in range(many))
    )
    took, each = time.monotonic() - began, spent(process) - before
    for crowd in (looks, others):
        assert set(crowd.seconds) <= {"OK"}, f"{many} clients: {crowd.tell()}"
        await crowd.close()
    found, rest = looks.seconds["OK"], others.seconds.get("OK", [])
    calls = len(found) + len(rest)
    p50, p99 = slower(found, 0.5), slower(found, 0.99)
    return (
        f"{many} clients: {calls / took:.0f} calls/s, look-ups p50 {p50:.0f} and p99 {p99:.0f} ms, "
        f"{each / calls * 1e6:.0f} us of the daemon's processor time each"
    )


async def _act_on(client: Client, looks: Crowd, others: Crowd, until: float) -> None:
    chance = random.Random()
    while time.monotonic() < until:
        await client.act(looks, others, chance)
