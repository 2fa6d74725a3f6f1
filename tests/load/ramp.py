"""D1: more and more clients that look things up, ask for analyses and send sounds."""

from pathlib import Path
from typing import Any

import psutil
from daemon_process import DaemonProcess
from mix import clients, deeds
from storms import storm
from timing import spent

STEPS = (1, 8, 32, 64, 200)
CONNECTIONS = 32  # at most: an address may have 64


def run(folder: Path, short: bool) -> str:
    daemon = DaemonProcess(folder / "home", workers=1).start()
    try:
        asked = deeds(clients(daemon.address))
        return "; ".join(_step(daemon, asked, many, 5 if short else 20) for many in STEPS)
    finally:
        daemon.stop()


def _step(daemon: DaemonProcess, asked: list[dict[str, Any]], many: int, seconds: float) -> str:
    process = psutil.Process(daemon.process.pid)
    before = spent(process)
    seen = storm(daemon.address, asked, min(many, CONNECTIONS), clients=many, seconds=seconds)
    each = (spent(process) - before) / seen.calls * 1e6
    assert {one.outcome for one in seen.outcomes} == {"OK"}, f"{many} clients: {seen}"
    looks = seen.good("looks")
    return (
        f"{many} clients: {seen.calls / seen.seconds:.0f} calls/s, look-ups p50 {looks.p50_ms:.0f} and p99 "
        f"{looks.p99_ms:.0f} ms, {each:.0f} us of processor time each, and {seen.each_us:.0f} of the storm's"
    )
