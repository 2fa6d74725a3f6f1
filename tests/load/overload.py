"""D2: three times the calls that can be served, from people who do not wait for each other, and what comes of them."""

import time
from pathlib import Path

import psutil
from daemon_process import DaemonProcess
from memory_watch import Watch
from mix import Client, clients, deeds
from raw_calls import Channel
from storms import Seen, storm
from timing import Timing, spent

TIMES, CLIENTS = 3, 32
CONNECTIONS = 48  # with 64 calls each under way; a client library holds back what is more
MOST_MIB, GOOD, SERVED_MS, REFUSED_MS = 150, 0.8, 1_000, 100


def run(folder: Path, short: bool) -> str:
    daemon = DaemonProcess(folder / "home", workers=1).start()
    try:
        return _measure(daemon, clients(daemon.address), 10 if short else 60)
    finally:
        daemon.stop()


def _measure(daemon: DaemonProcess, known: list[Client], seconds: float) -> str:
    process, asked = psutil.Process(daemon.process.pid), deeds(known)
    calm = storm(daemon.address, asked, CLIENTS, clients=CLIENTS, seconds=seconds / 3)
    served, busy = calm.calls / calm.seconds, spent(process)
    with Watch(process) as watch:
        seen = storm(daemon.address, asked, CONNECTIONS, rate=TIMES * served, seconds=seconds)
    busy = spent(process) - busy
    after = _alone(daemon, known[0])
    good = sum(one.calls for one in seen.outcomes if one.outcome == "OK") / seen.seconds / served
    told = (
        f"{CLIENTS} clients were served {served:.0f} calls/s; at {TIMES * served:.0f} calls/s for {seconds:.0f} s "
        f"{good:.0%} of that went on being served; look-ups: {seen.tell('looks')}; others: {seen.tell('others')}; "
        f"memory +{watch.grown / 2**20:.0f} MiB, {busy / seen.seconds:.2f} cores; the storm took {seen.each_us:.0f} us "
        f"a call, which it began {seen.late_ms:.0f} ms late at most; 5 s later GetMe p99 {after:.0f} ms"
    )
    _judge(seen, told)
    assert watch.grown < MOST_MIB * 2**20 and good >= GOOD, told
    return told


def _judge(seen: Seen, told: str) -> None:
    refused = [one for one in seen.outcomes if one.outcome != "OK"]
    assert all(one.outcome.startswith("RESOURCE_EXHAUSTED") for one in refused), told
    assert not any(one.without_time for one in refused), told
    assert all(one.p99_ms <= REFUSED_MS for one in refused), told
    assert seen.good("looks").p99_ms <= SERVED_MS, told


def _alone(daemon: DaemonProcess, client: Client) -> float:
    """What the slowest of a hundred calls takes five seconds later, in milliseconds."""
    time.sleep(5)
    channel, took = Channel(daemon.address), Timing()
    for _ in range(100):
        took.call(lambda: channel.call("AuthService/GetMe", client.headers))
    channel.close()
    return took.slower(0.99)
