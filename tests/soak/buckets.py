"""D7: trouble with a bucket is the bucket's: 500 uploads while it is late, resets connections and is a black hole."""

import os
import threading
import time
from pathlib import Path

import psutil
from chaos import Chaos
from daemon_process import DaemonProcess
from raw_calls import Channel
from s3 import S3
from senders import Senders

from samplemind_daemon.library.check import violations
from samplemind_daemon.settings import Settings

QUIET_SECONDS, LATE_SECONDS, RESET_SHARE, HOLE_SECONDS = 10.0, 2.0, 0.2, 30.0
SLOWEST_SECONDS, HEALS_SECONDS = (
    0.1,
    10.0,
)  # the 99th percentile of other calls, and until bytes are kept again


def run(folder: Path, short: bool) -> str:
    many, server = 50 if short else 500, S3(folder / "s3.log")
    chaos, environment = Chaos(f"127.0.0.1:{server.port}"), server.environment()
    os.environ.update(environment)
    daemon = DaemonProcess(
        folder / "home",
        {"AWS_ENDPOINT_URL": f"http://{chaos.address}"},
    ).start()
    try:
        with Senders(daemon.address, daemon.owner_key, folder / "acks", many=8) as senders:
            _until(senders, many // 10, 120)
            quiet, before = threads(daemon), Others(daemon)
            time.sleep(QUIET_SECONDS)
            usual, _ = before.close()
            others = Others(daemon)
            late = _late(chaos, senders, many // 10)
            reset = _resets(chaos, senders, many * 6 // 10)
            healed = _hole(chaos, senders)
            _until(senders, len(senders.acknowledged()) + many // 10, 600)
            slowest, most = others.close()
        acknowledged = set(senders.acknowledged())
    finally:
        daemon.stop()
        chaos.close()
    kept = {name.split("/")[2] for name in server.names(environment["SAMPLEMIND_BLOBS"])}
    found = violations(Settings(home=daemon.home))
    server.stop()
    assert acknowledged <= kept and found == [], f"{len(acknowledged - kept)} lost, {found}"
    told = f"other calls p99 {slowest * 1e3:.0f} ms, {usual * 1e3:.0f} while all was well"
    assert slowest <= max(SLOWEST_SECONDS, 1.5 * usual), told  # the machine may have other work
    assert most <= quiet + 2, f"{most} threads, where there were {quiet}"
    assert healed <= HEALS_SECONDS, f"healed after {healed:.1f} s"
    return (
        f"{len(acknowledged)} uploads, 0 lost; {late} while it was {LATE_SECONDS:g} s late, {reset} while it reset "
        f"{RESET_SHARE:.0%} of its answers ({chaos.cuts} resets), then {HOLE_SECONDS:g} s of nothing; {told}; "
        f"{most} threads (quiet: {quiet}); healed in {healed:.1f} s; refused {senders.refused}"
    )


class Others:
    """Somebody who makes a call that needs no bytes, all the time."""

    def __init__(self, daemon: DaemonProcess) -> None:
        self._daemon, self._over = daemon, threading.Event()
        self._took: list[float] = []
        self._most = 0
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def close(self) -> tuple[float, int]:
        """The 99th percentile of how long a call took, in seconds, and the most threads that the daemon had."""
        self._over.set()
        self._thread.join(30)
        return sorted(self._took)[int(len(self._took) * 0.99)], self._most

    def _ask(self) -> None:
        channel, headers = Channel(self._daemon.address), [("x-api-key", self._daemon.owner_key)]
        while not self._over.wait(0.02):
            asked = time.monotonic()
            assert channel.call("AuthService/GetMe", headers).code == "OK"
            self._took.append(time.monotonic() - asked)
            self._most = max(self._most, threads(self._daemon))
        channel.close()


def threads(daemon: DaemonProcess) -> int:
    """How many threads the daemon has."""
    return psutil.Process(daemon.process.pid).num_threads()


def _late(chaos: Chaos, senders: Senders, many: int) -> int:
    chaos.delay_seconds, before = LATE_SECONDS, len(senders.acknowledged())
    _until(senders, before + many, 600)
    chaos.delay_seconds = 0.0
    return len(senders.acknowledged()) - before


def _resets(chaos: Chaos, senders: Senders, many: int) -> int:
    chaos.reset_share, before = RESET_SHARE, len(senders.acknowledged())
    _until(senders, before + many, 600)
    chaos.reset_share = 0.0
    return len(senders.acknowledged()) - before


def _hole(chaos: Chaos, senders: Senders) -> float:
    """How many seconds after the black hole bytes were kept again."""
    chaos.swallow()
    time.sleep(HOLE_SECONDS)
    before = len(senders.acknowledged())
    chaos.speak()
    began = time.monotonic()
    _until(senders, before + 1, 120)
    return time.monotonic() - began


def _until(senders: Senders, many: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while len(senders.acknowledged()) < many:
        assert time.monotonic() < deadline, (
            f"{len(senders.acknowledged())} of {many}, refused {senders.refused}"
        )
        time.sleep(0.05)
