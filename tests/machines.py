"""A cluster on this one machine: PostgreSQL, NATS, S3, daemons and workers, each of which is killed by its name."""

import json
import random
import socket
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.request import urlopen

from broker import Broker
from commanding import wait_for
from daemon_process import DaemonProcess
from postgres import Cluster
from raw_calls import Channel, Outcome
from s3 import S3
from worker_process import WorkerProcess

from samplemind_daemon.access.signing import signing_key

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
PORTS = 15_000, 30_000
PLACE = "studio"  # the name that all subjects begin with


class Process(Protocol):
    """What can be killed and started."""

    def start(self) -> object: ...

    def kill(self) -> object: ...

    def stop(self) -> object: ...


class Machines:
    """All that several machines would run, as an operator would start it; all are given the file of a plugin."""

    def __init__(
        self,
        folder: Path,
        daemons: int = 2,
        workers: int = 2,
        brokers: int = 3,
        plugin: Path | None = None,
        settings: dict[str, str] | None = None,
        **database: str,
    ) -> None:
        self.folder, self._plugin, self._down = folder, plugin, ExitStack()
        folder.mkdir(parents=True, exist_ok=True)
        signing_key(folder / "signing.pem")
        self.database, self.bucket = Cluster(**database), S3(folder / "s3.log")
        self.database.port = _free_port()
        self._down.callback(self.database.stop)
        self._down.callback(self.bucket.stop)
        self.pages = [_free_port() for _ in range(brokers)]
        self.brokers = _brokers(folder, self.pages)
        self.environment = self.bucket.environment() | {
            "SAMPLEMIND_DATABASE": self.database.url(),
            "SAMPLEMIND_ENGINE": self.engine,
            "SAMPLEMIND_SIGNING_KEY": str(folder / "signing.pem"),
        }
        self._settings = self.environment | (settings or {})
        self.daemons = [self._daemon(number + 1) for number in range(daemons)]
        self.workers = [self._worker(number + 1) for number in range(workers)]
        self.names: dict[str, Process] = {"database": self.database} | {
            f"{kind}-{number}": one
            for kind, all in (("broker", self.brokers), ("daemon", self.daemons), ("worker", self.workers))
            for number, one in enumerate(all, 1)
        }  # fmt: skip

    @property
    def engine(self) -> str:
        """Where the brokers are, as a setting."""
        return f"nats://{','.join(f'127.0.0.1:{one.port}' for one in self.brokers)}/{PLACE}"

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The owner's, at any of the daemons."""
        return [("x-api-key", self.daemons[0].owner_key)]

    def __enter__(self) -> "Machines":
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *how: object) -> None:
        self.stop()

    def start(self) -> "Machines":
        """Have all of it run, and every worker known to every daemon."""
        for one in [self.database, *self.brokers]:
            one.start()
            self._down.callback(one.stop)
        wait_for(self.brokers_are_well, 60)
        for one in [*self.daemons, *self.workers]:
            self._down.callback(one.stop)
            one.start()
        wait_for(lambda: all(map(self._knows_workers, self.daemons)), 60)
        return self

    def stop(self) -> None:
        """End all of it, the latest first."""
        self._down.close()

    def kill(self, name: str) -> None:
        """End one at once, as if its machine were gone."""
        self.names[name].kill()

    def start_again(self, name: str) -> None:
        """Start one that was killed, at the same place with what it had."""
        self.names[name].start()

    def pids(self) -> dict[str, int]:
        """The process of each that runs."""
        known = {name: _process(one) for name, one in self.names.items()}
        return {name: one.pid for name, one in known.items() if one is not None and one.poll() is None}

    def gone(self) -> set[str]:
        """Those that are to run, and do not."""
        return set(self.names) - set(self.pids())

    def seats(self, daemon: DaemonProcess) -> int:
        """How many worker processes a daemon knows of."""
        with closing(Channel(daemon.address)) as channel:
            said: Outcome = channel.call("StatusService/GetStatus", [("x-api-key", daemon.owner_key)])
        return said.answer.workers if said.code == "OK" else 0

    def said_by_broker(self, number: int, page: str) -> dict[str, Any]:
        """What a broker says of itself: "varz" or "jsz"; nothing where it is not there."""
        with (
            suppress(OSError, ValueError),
            urlopen(f"http://127.0.0.1:{self.pages[number - 1]}/{page}", timeout=5) as told,
        ):
            return dict(json.load(told))
        return {}

    def brokers_are_well(self) -> bool:
        """Whether each of them has all that it is to have."""
        said = [self.said_by_broker(number, "healthz") for number in range(1, len(self.brokers) + 1)]
        return all(one.get("status") == "ok" for one in said)

    def hints(self) -> int:
        """How many messages are in streams."""
        return int(self.said_by_broker(1, "jsz").get("messages", 0))

    def kept(self) -> set[str]:
        """The digests of all that is in the bucket."""
        return {name.split("/")[2] for name in self.bucket.names(self.environment["SAMPLEMIND_BLOBS"])}

    def _knows_workers(self, daemon: DaemonProcess) -> bool:
        for one in self.workers:
            assert one.process is not None and one.process.poll() is None, one.log.read_text()
        return self.seats(daemon) >= len(self.workers)

    def _daemon(self, number: int) -> DaemonProcess:
        made = DaemonProcess(self.folder / f"daemon-{number}", self._settings)
        self._give_plugin(made.home)
        return made

    def _worker(self, number: int) -> WorkerProcess:
        made = WorkerProcess(self.folder / f"worker-{number}", self.engine, self._settings)
        self._give_plugin(made.home)
        return made

    def _give_plugin(self, home: Path) -> None:
        if self._plugin is not None:
            (home / "plugins").mkdir(parents=True)
            (home / "plugins" / self._plugin.name).write_bytes(self._plugin.read_bytes())


def _process(one: Any) -> Any:
    return one._process if isinstance(one, Broker) else one.process


def _brokers(folder: Path, pages: list[int]) -> list[Broker]:
    """Brokers that are one cluster, or one alone; what they say of themselves is at these ports."""
    made: list[Broker] = []
    doors = [_free_port() for _ in pages]
    for number, (door, page) in enumerate(zip(doors, pages, strict=True), 1):
        settings: dict[str, object] = {"server_name": f"broker-{number}", "http": f"127.0.0.1:{page}"}
        if len(pages) > 1:
            routes = [f"nats://127.0.0.1:{other}" for other in doors if other != door]
            settings["cluster"] = {"name": "brokers", "listen": f"127.0.0.1:{door}", "routes": routes}
        made.append(Broker(folder / f"broker-{number}", **settings))
        made[-1].port = _free_port()
    return made


def _free_port() -> int:
    """One that no program is given that asks for any: what is started later finds it free, too."""
    while True:
        with suppress(OSError), closing(socket.create_server(("127.0.0.1", random.randint(*PORTS)))) as probe:
            return int(probe.getsockname()[1])
