"""A database server that dies again and again beside a daemon that goes on, and callers who keep count."""

import threading
import time
from dataclasses import dataclass
from uuid import uuid4

from daemon_process import DaemonProcess
from postgres import Cluster
from raw_calls import Channel, Person

WRITERS, READERS = 4, 2
WORK_SECONDS = 1.0  # before the server dies again
PAUSE_SECONDS = 0.02  # between two calls of a caller


@dataclass(frozen=True)
class Call:
    """A call that ended."""

    began: float
    took: float
    code: str
    reason: str
    upload: str  # that was acknowledged; empty of a call that only reads


class Callers:
    """People who open uploads and list sounds without a pause, each in a thread; `calls` is what came of it."""

    def __init__(self, address: str) -> None:
        self.calls: list[Call] = []
        self._over = threading.Event()
        self._channels = [Channel(address) for _ in range(WRITERS + READERS)]
        people = [Person(channel) for channel in self._channels]
        self._threads = [
            threading.Thread(target=self._ask, args=(person, number < WRITERS), daemon=True)
            for number, person in enumerate(people)
        ]

    def __enter__(self) -> "Callers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)
        for channel in self._channels:
            channel.close()

    def healthy(self, since: float) -> float | None:
        """When, after a moment, both kinds of calls had been answered again."""
        good = [one for one in self.calls if one.code == "OK" and one.began >= since]
        ends = {bool(one.upload): one.began + one.took for one in reversed(good)}
        return max(ends.values()) if len(ends) == 2 else None

    def _ask(self, person: Person, writes: bool) -> None:
        while not self._over.is_set():
            began = time.monotonic()
            if writes:
                about = {"name": "a.wav", "size_bytes": 1_000, "sha256": uuid4().hex * 2}
                outcome = person("AudioService/CreateUpload", request_id=str(uuid4()), **about)
            else:
                outcome = person("AudioService/List")
            took = time.monotonic() - began
            upload = outcome.answer.upload.id if writes and outcome.code == "OK" else ""
            self.calls.append(Call(began, took, outcome.code, outcome.reason, upload))
            self._over.wait(PAUSE_SECONDS)


@dataclass(frozen=True)
class Suffered:
    """What several deaths of the server did."""

    kept: int  # uploads that were acknowledged
    lost: int  # of them
    refused: int  # calls that were answered UNAVAILABLE
    others: set[str]  # how calls ended that were neither done nor refused so
    slowest: float  # seconds until a call was refused
    healing: float  # seconds from the server's return until all kinds of calls were done again, the longest


def suffer(
    daemon: DaemonProcess, cluster: Cluster, database: str, kills: int, away_seconds: float
) -> Suffered:
    """Kill the server of the daemon's database so often under load, each time for so long."""
    healing = []
    with Callers(daemon.address) as callers:
        for _ in range(kills):
            _wait_healthy(callers, time.monotonic())
            time.sleep(WORK_SECONDS)
            cluster.kill()
            time.sleep(away_seconds)
            cluster.start()
            back = time.monotonic()
            healing.append(_wait_healthy(callers, back) - back)
            assert daemon.process.poll() is None, "the daemon has ended"
    there = {id for (id,) in cluster.do("SELECT id FROM uploads", database)}
    return _judged(callers.calls, there, max(healing))


def _wait_healthy(callers: Callers, since: float) -> float:
    deadline = time.monotonic() + 60
    while (when := callers.healthy(since)) is None:
        assert time.monotonic() < deadline, "no call is answered any more"
        time.sleep(0.02)
    return when


def _judged(calls: list[Call], there: set[str], healing: float) -> Suffered:
    kept = {one.upload for one in calls if one.code == "OK" and one.upload}
    refused = [one for one in calls if one.code == "UNAVAILABLE"]
    others = {f"{one.code} {one.reason}" for one in calls if one.code not in ("OK", "UNAVAILABLE")}
    slowest = max((one.took for one in refused), default=0.0)
    return Suffered(len(kept), len(kept - there), len(refused), others, slowest, healing)
